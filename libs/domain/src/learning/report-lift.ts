import { seededRandom } from '../chance';
import { type ScoredGoal } from './compare';
import { draw } from './draw';

export interface ReportGoal extends ScoredGoal {
  readonly task: string;
  readonly arm: 'on' | 'off';
}

/** A figure with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ArmSummary {
  readonly goals: number;
  readonly verified: number;
  readonly meanCalls: number;
}

export interface Lift {
  readonly on: ArmSummary;
  readonly off: ArmSummary;
  /** Share of calls that learning saves in verified goals, by task: (off − on) / off; null while there is too little to compare. */
  readonly callsSaved: Interval | null;
  /** Difference of the shares of verified goals, on − off. */
  readonly verifiedGain: Interval | null;
}

const RESAMPLES = 1_000;
/** Verified goals of tasks that both sides have, on each side: resamples of fewer do not show how far chance goes. */
const LEAST_GOALS = 8;

/**
 * What learning changed: goals with it on against the control share. Calls are compared within each task (the mix of tasks
 * differs by chance), weighted by the goals of both sides; the interval is that of percentiles of 1,000 seeded resamples. The one of
 * the shares of verified goals is Newcombe's, which holds for few goals and for shares of 0 and 1 too.
 *
 * @param seed the same seed gives the same interval
 * @see Efron & Tibshirani, An Introduction to the Bootstrap, ch. 13; Newcombe, Statistics in Medicine 17 (1998), method 10
 */
export function liftOf(goals: readonly ReportGoal[], seed: string): Lift {
  const [on, off] = [goals.filter(({ arm }) => arm === 'on'), goals.filter(({ arm }) => arm === 'off')];
  return {
    on: summaryOf(on),
    off: summaryOf(off),
    callsSaved: areComparable(on, off) ? bootstrap(on, off, `calls ${seed}`) : null,
    verifiedGain: on.length > 0 && off.length > 0 ? gainOf(on, off) : null,
  };
}

function summaryOf(goals: readonly ReportGoal[]): ArmSummary {
  const verified = goals.filter((goal) => goal.verified);
  return { goals: goals.length, verified: verified.length, meanCalls: meanCalls(verified) };
}

function meanCalls(goals: readonly ScoredGoal[]): number {
  return goals.length === 0 ? 0 : goals.reduce((sum, { calls }) => sum + calls, 0) / goals.length;
}

function areComparable(on: readonly ReportGoal[], off: readonly ReportGoal[]): boolean {
  const tasksOf = (goals: readonly ReportGoal[]): Set<string> =>
    new Set(goals.filter(({ verified }) => verified).map(({ task }) => task));
  const [mine, theirs] = [tasksOf(on), tasksOf(off)];
  const common = (goals: readonly ReportGoal[]): number =>
    goals.filter(({ verified, task }) => verified && mine.has(task) && theirs.has(task)).length;
  return common(on) >= LEAST_GOALS && common(off) >= LEAST_GOALS;
}

function gainOf(on: readonly ScoredGoal[], off: readonly ScoredGoal[]): Interval {
  const [a, b] = [wilson(on), wilson(off)];
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  };
}

/** Two-sided 95 % point of the normal distribution. */
const Z = 1.959964;

/** Share of verified goals with Wilson's score interval. */
function wilson(goals: readonly ScoredGoal[]): Interval {
  const n = goals.length;
  const value = goals.filter(({ verified }) => verified).length / n;
  const middle = value + Z ** 2 / (2 * n);
  const half = Z * Math.sqrt((value * (1 - value)) / n + Z ** 2 / (4 * n ** 2));
  const scale = 1 + Z ** 2 / n;
  return { value, low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) };
}

/** Null where no task has verified goals on both sides. */
function callsSaved(on: readonly ReportGoal[], off: readonly ReportGoal[]): number | null {
  const tasks = [...new Set(on.map(({ task }) => task))];
  let [saved, weight] = [0, 0];
  for (const task of tasks) {
    const [a, b] = [on, off].map((side) => side.filter((goal) => goal.task === task && goal.verified));
    if (!a || !b || a.length === 0 || b.length === 0) continue;
    saved += (1 - meanCalls(a) / Math.max(1e-9, meanCalls(b))) * (a.length + b.length);
    weight += a.length + b.length;
  }
  return weight === 0 ? null : saved / weight;
}

function bootstrap(on: readonly ReportGoal[], off: readonly ReportGoal[], seed: string): Interval | null {
  const value = callsSaved(on, off);
  if (value === null) return null;
  const next = sequence(seed);
  const resampled = (goals: readonly ReportGoal[]): ReportGoal[] =>
    goals.map(() => goals[Math.floor(next() * goals.length)] as ReportGoal);
  const values = Array.from({ length: RESAMPLES }, () => callsSaved(resampled(on), resampled(off)))
    .filter((one) => one !== null)
    .sort((a, b) => a - b);
  const at = (share: number): number => values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
  return { value, low: at(0.025), high: at(0.975) };
}

/** Numbers in [0, 1) that depend on the seed alone. */
export function sequence(seed: string): () => number {
  return seededRandom(Math.floor(draw(seed) * 2 ** 32));
}
