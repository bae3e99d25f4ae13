import { groupBy } from './evidence';
import type { TrialResult, TrialSide } from './lesson-record';

/** A goal as trials and reports weigh it. */
export interface ScoredGoal {
  readonly verified: boolean;
  readonly calls: number;
  /** Goals are measured against others of their stratum (task and shape): those of a big task are not worse for it. */
  readonly stratum?: string;
}

/** A goal may fail by so much more with a lesson before it counts as harm. */
export const HARM_MARGIN = 0.02;
/** Goals that the prior counts for on each side: their score is the mean of both sides. */
const PRIOR_GOALS = 2;
const PRIOR_VARIANCE = 0.01;

/**
 * How well a goal went: reference / (reference + calls) when it was verified, 0 when not; below 1, 0.5 for a goal that took as
 * many calls as goals of its task usually take.
 *
 * @param reference median calls of verified goals of the task, ≥ 1
 */
export function scoreOfGoal(goal: ScoredGoal, reference: number): number {
  return goal.verified ? reference / (reference + Math.max(0, goal.calls)) : 0;
}

/** The median of some numbers, 0 when there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? 0, sorted[middle] ?? 0];
  return (low + high) / 2;
}

/** Compares the goals that had a lesson with those that had not. */
export function compareGoals(withIt: readonly ScoredGoal[], without: readonly ScoredGoal[]): TrialResult {
  const reference = referencesOf([...withIt, ...without]);
  const [a, b] = [sideOf(withIt, reference), sideOf(without, reference)];
  return { with: a, without: b, pBetter: probabilityOfHigherMean(a, b), harm: probabilityOfMoreFailures(a, b) };
}

/** The calls that a verified goal of a stratum usually takes; of all goals for a stratum without any. */
function referencesOf(goals: readonly ScoredGoal[]): (goal: ScoredGoal) => number {
  const callsOf = (some: readonly ScoredGoal[]): number =>
    median(some.filter(({ verified }) => verified).map(({ calls }) => calls));
  const overall = Math.max(1, callsOf(goals));
  const own = new Map([...groupBy(goals, ({ stratum = '' }) => stratum)].map(([key, some]) => [key, callsOf(some)]));
  return ({ stratum = '' }) => own.get(stratum) || overall;
}

function sideOf(goals: readonly ScoredGoal[], reference: (goal: ScoredGoal) => number): TrialSide {
  const scores = goals.map((goal) => scoreOfGoal(goal, reference(goal)));
  const mean = average(scores);
  const variance =
    scores.length < 2 ? 0 : scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (scores.length - 1);
  return { goals: goals.length, verified: goals.filter(({ verified }) => verified).length, mean, variance };
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * P(mean a > mean b) with normal posteriors of the means: each side has {@link PRIOR_GOALS} goals at the mean of both and of
 * variance {@link PRIOR_VARIANCE} beside its own, so that few goals prove nothing.
 */
function probabilityOfHigherMean(a: TrialSide, b: TrialSide): number {
  const all = a.goals + b.goals;
  if (all === 0) return 0.5;
  const common = (a.mean * a.goals + b.mean * b.goals) / all;
  const [left, right] = [posterior(a, common), posterior(b, common)];
  return normalCdf((left.mean - right.mean) / Math.sqrt(left.variance + right.variance));
}

function posterior(side: TrialSide, common: number): { mean: number; variance: number } {
  const goals = side.goals + PRIOR_GOALS;
  const variance = (side.variance * side.goals + PRIOR_VARIANCE * PRIOR_GOALS) / goals;
  return { mean: (side.mean * side.goals + common * PRIOR_GOALS) / goals, variance: variance / goals };
}

/** P(success with < success without − {@link HARM_MARGIN}) for Beta(1 + successes, 1 + failures) of both sides. */
function probabilityOfMoreFailures(a: TrialSide, b: TrialSide): number {
  return probabilityBelow(
    { successes: a.verified, failures: a.goals - a.verified },
    { successes: b.verified, failures: b.goals - b.verified },
    HARM_MARGIN,
  );
}

interface Counts {
  readonly successes: number;
  readonly failures: number;
}
const GRID = 400;

/** P(x < y − margin) for x and y from Beta(1 + successes, 1 + failures), by the midpoint rule on a grid. */
export function probabilityBelow(x: Counts, y: Counts, margin: number): number {
  const [px, py] = [densities(x), densities(y)];
  const cumulative: number[] = [0];
  for (const mass of px) cumulative.push((cumulative.at(-1) ?? 0) + mass);
  return py.reduce((sum, mass, index) => {
    const upTo = Math.floor(index + 0.5 - margin * GRID);
    return sum + mass * (upTo <= 0 ? 0 : (cumulative[Math.min(upTo, GRID)] ?? 1));
  }, 0);
}

const MIDPOINTS = Array.from({ length: GRID }, (_, index) => (index + 0.5) / GRID);
const LOGS = MIDPOINTS.map((p) => ({ ofSuccess: Math.log(p), ofFailure: Math.log(1 - p) }));

function densities({ successes, failures }: Counts): number[] {
  const logs = LOGS.map(({ ofSuccess, ofFailure }) => successes * ofSuccess + failures * ofFailure);
  const top = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  const masses = logs.map((value) => Math.exp(value - top));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
}

/** Distribution function of the standard normal. @see Abramowitz & Stegun, 26.2.17 (error below 7.5e-8) */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - tail : tail;
}
