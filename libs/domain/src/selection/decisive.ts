import { scoreOf } from './posterior';
import type { DecisiveFactor, ScoredCandidate, ScoreFactors } from './selection';

/** Candidates with a score, best first; equal scores in the order of their declaration. */
export function ranked(scored: readonly ScoredCandidate[]): ScoredCandidate[] {
  return scored
    .filter(({ score }) => score !== null)
    .sort((one, other) => (other.score ?? 0) - (one.score ?? 0) || one.bindingIndex - other.bindingIndex);
}

type Factor = DecisiveFactor['factor'];

/** How a factor moves the score: score changes by `slope` for each unit. */
const SLOPES: Readonly<Record<Factor, (factors: ScoreFactors) => number>> = {
  p: ({ value }) => value,
  costUsd: ({ costWeight }) => -costWeight,
  expectedSeconds: ({ latencyWeight }) => -latencyWeight,
  risk: () => -1,
  penalty: () => -1,
};
const FACTORS = Object.keys(SLOPES) as Factor[];

/**
 * The factor in which the best candidate gained most on the runner-up, and the value of it at which both scores are equal:
 * value − margin / slope. A factor whose value would have to leave its range (a p below 0) is passed over. Null without a
 * runner-up.
 */
export function decisiveFactor(scored: readonly ScoredCandidate[]): DecisiveFactor | null {
  const [best, second] = ranked(scored);
  if (!best?.factors || !second?.factors) return null;
  const [mine, theirs] = [best.factors, second.factors];
  const margin = scoreOf(mine) - scoreOf(theirs);
  const options = FACTORS.flatMap((factor) => {
    const gain = SLOPES[factor](mine) * mine[factor] - SLOPES[factor](theirs) * theirs[factor];
    const flipsAt = mine[factor] - margin / SLOPES[factor](mine);
    return flipsAt >= 0 ? [{ factor, gain, flipsAt }] : [];
  });
  const [top] = options.sort((one, other) => other.gain - one.gain);
  if (!top) return null;
  return {
    bindingIndex: best.bindingIndex,
    factor: top.factor,
    value: mine[top.factor],
    flipsAt: top.flipsAt,
    insteadIndex: second.bindingIndex,
    instead: second.tool,
  };
}
