import { FEATURES, type Features } from './features';
import { WEIGHTS } from './weights';

/** Parameters of the confidence: one weight for each feature, and what speaks for none of the tasks. */
export interface IntentWeights {
  readonly features: Features;
  /** Score of "none of these". */
  readonly none: number;
  /** Calibration of the probabilities: logit p' = slope · logit p + offset. */
  readonly slope: number;
  readonly offset: number;
}

/** Weighted sum of the features of one reading. */
export function scoreOf(features: Features, { features: weights }: Pick<IntentWeights, 'features'> = WEIGHTS): number {
  return FEATURES.reduce((sum, name) => sum + weights[name] * features[name], 0);
}

/**
 * The probability of each reading to be what was meant: conditional logit with "none of these" as one more choice,
 * P(i) = exp(s_i) / (exp(none) + Σ exp(s_j)). Two readings that fit alike share what there is, so that it is also the margin.
 *
 * The result is calibrated by Platt scaling, p' = 1 / (1 + exp(−slope · logit p − offset)).
 *
 * @returns as many numbers as readings, 0..1
 * @see McFadden, Conditional logit analysis of qualitative choice behavior (1974)
 */
export function confidencesOf(readings: readonly Features[], weights: IntentWeights = WEIGHTS): number[] {
  const scores = readings.map((features) => scoreOf(features, weights));
  const most = Math.max(weights.none, ...scores);
  const parts = scores.map((score) => Math.exp(score - most));
  const total = parts.reduce((sum, part) => sum + part, Math.exp(weights.none - most));
  return parts.map((part) => {
    const p = part / total;
    return p === 0 ? 0 : 1 / (1 + Math.exp(-weights.offset) * ((1 - p) / p) ** weights.slope);
  });
}
