import type { IntentWeights } from './confidence';

/** Made by `npm run bench:intent -- --fit`; not written by hand. */
export const WEIGHTS: IntentWeights = {
  features: {
    nearness: -0.5357,
    share: 3.3516,
    exact: -0.1227,
    stump: -1.5164,
    coverage: 1.9132,
    affinity: 0.9222,
    pairs: 1.7416,
    beginning: 0.0574,
    filled: 4.7896,
    missing: -3.6997,
    unused: -2.022,
    ending: 1.1011,
    otherEnding: -3.3306,
    absorbed: 1.2975,
    unknown: -0.889,
    negated: -3.1096,
  },
  none: 5.7234,
  slope: 1.2307,
  offset: 0.9097,
};
