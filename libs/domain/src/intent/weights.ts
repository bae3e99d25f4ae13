import type { IntentWeights } from './confidence';

/** Made by `npm run bench:intent -- --fit`; not written by hand. */
export const WEIGHTS: IntentWeights = {
  features: {
    nearness: -0.5169,
    share: 2.2259,
    exact: -0.2069,
    stump: -1.1774,
    coverage: 1.3577,
    affinity: 0.7434,
    pairs: 1.265,
    aligned: 3.139,
    kept: -1.7587,
    anchored: 2.2851,
    beginning: 0.1148,
    filled: 5.0454,
    missing: -3.8897,
    unused: -2.0848,
    ending: 1.1612,
    otherEnding: -3.2607,
    absorbed: 0.7001,
    unknown: -0.9963,
    negated: -3.1721,
  },
  none: 6.048,
  slope: 1.2392,
  offset: 0.9624,
};
