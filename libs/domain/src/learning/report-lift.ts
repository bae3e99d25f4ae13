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
  /** Share of calls that learning saves in verified goals, by task: (off − on) / off; null while one side has no goal. */
  readonly callsSaved: Interval | null;
  /** Difference of the shares of verified goals, on − off. */
  readonly verifiedGain: Interval | null;
}

const RESAMPLES = 1_000;

/**
 * What learning changed: goals with it on against the control share. Calls are compared within each task (the mix of tasks
 * differs by chance), weighted by the goals of both sides; intervals are percentiles of 1,000 seeded resamples.
 *
 * @param seed the same seed gives the same interval
 * @see Efron & Tibshirani, An Introduction to the Bootstrap, ch. 13
 */
export function liftOf(goals: readonly ReportGoal[], seed: string): Lift {
  const [on, off] = [goals.filter(({ arm }) => arm === 'on'), goals.filter(({ arm }) => arm === 'off')];
  const both = on.length > 0 && off.length > 0;
  return {
    on: summaryOf(on),
    off: summaryOf(off),
    callsSaved: both ? bootstrap(on, off, { seed: `calls ${seed}`, figure: callsSaved }) : null,
    verifiedGain: both
      ? bootstrap(on, off, { seed: `verified ${seed}`, figure: (a, b) => shareOf(a) - shareOf(b) })
      : null,
  };
}

function summaryOf(goals: readonly ReportGoal[]): ArmSummary {
  const verified = goals.filter((goal) => goal.verified);
  return { goals: goals.length, verified: verified.length, meanCalls: meanCalls(verified) };
}

function meanCalls(goals: readonly ScoredGoal[]): number {
  return goals.length === 0 ? 0 : goals.reduce((sum, { calls }) => sum + calls, 0) / goals.length;
}

function shareOf(goals: readonly ScoredGoal[]): number {
  return goals.length === 0 ? 0 : goals.filter(({ verified }) => verified).length / goals.length;
}

function callsSaved(on: readonly ReportGoal[], off: readonly ReportGoal[]): number {
  const tasks = [...new Set(on.map(({ task }) => task))];
  let [saved, weight] = [0, 0];
  for (const task of tasks) {
    const [a, b] = [on, off].map((side) => side.filter((goal) => goal.task === task && goal.verified));
    if (!a || !b || a.length === 0 || b.length === 0) continue;
    saved += (1 - meanCalls(a) / Math.max(1e-9, meanCalls(b))) * (a.length + b.length);
    weight += a.length + b.length;
  }
  return weight === 0 ? 0 : saved / weight;
}

type Figure = (on: readonly ReportGoal[], off: readonly ReportGoal[]) => number;

function bootstrap(
  on: readonly ReportGoal[],
  off: readonly ReportGoal[],
  { seed, figure }: { readonly seed: string; readonly figure: Figure },
): Interval {
  const next = sequence(seed);
  const resampled = (goals: readonly ReportGoal[]): ReportGoal[] =>
    goals.map(() => goals[Math.floor(next() * goals.length)] as ReportGoal);
  const values = Array.from({ length: RESAMPLES }, () => figure(resampled(on), resampled(off))).sort((a, b) => a - b);
  const at = (share: number): number => values[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0;
  return { value: figure(on, off), low: at(0.025), high: at(0.975) };
}

/** Numbers in [0, 1) that depend on the seed alone. @see Bob Jenkins' small fast generator, mulberry32 */
export function sequence(seed: string): () => number {
  let state = Math.floor(draw(seed) * 2 ** 32) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
