import type { IntentWeights } from './confidence';

/** Made by `npm run bench:intent -- --fit`; not written by hand. */
export const WEIGHTS: IntentWeights = {
  features: {
    nearness: 0.6581,
    share: 2.7423,
    exact: 0.135,
    coverage: 1.6251,
    affinity: 1.8053,
    beginning: 0.5764,
    filled: 3.0497,
    missing: -4.3202,
    unused: -2.056,
    ending: 1.5695,
    otherEnding: -2.7191,
    absorbed: 0.4418,
    unknown: -2.4075,
    negated: -2.135
  },
  none: 4.471
};
