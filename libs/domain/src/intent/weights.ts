import type { IntentWeights } from './confidence';

/** Made by `npm run bench:intent -- --fit`; not written by hand. */
export const WEIGHTS: IntentWeights = {
  features: {
    nearness: -0.4538,
    share: 3.2426,
    exact: -0.1572,
    stump: -1.544,
    coverage: 1.9133,
    affinity: 0.8813,
    pairs: 1.7916,
    beginning: 0.027,
    filled: 4.6708,
    missing: -3.9711,
    unused: -2.0181,
    ending: 1.1157,
    otherEnding: -3.3767,
    absorbed: 1.2494,
    unknown: -0.9355,
    negated: -3.0983,
  },
  none: 5.5964,
  slope: 1.2616,
  offset: 0.8827,
};
