import type { MethodStat } from '../../memory/memory';
import type { ToolStat } from '../../selection/selection';
import { type GoalEvidence, groupBy, type HalfLives, weightsOf, worked } from '../evidence';

/** The running records of tools and methods that act at once, before any lesson. Half after two weeks or forty later cases. */
export const LIVE_HALF_LIVES: HalfLives = { ms: 14 * 86_400_000, cases: 40 };

/** Decayed counts of every tool over all its calls; successes of verified goals alone. */
export function liveToolStats(evidence: readonly GoalEvidence[], nowMs: number): ToolStat[] {
  const calls = evidence.flatMap((goal) =>
    goal.attempts
      .filter((attempt) => attempt.outcome !== 'uncertain' && (!worked(attempt) || goal.verified))
      .map((attempt) => ({ attempt, atMs: goal.atMs })),
  );
  return [...groupBy(calls, ({ attempt }) => attempt.tool)].map(([tool, own]) => {
    const weights = weightsOf(
      own.map(({ atMs }) => atMs),
      nowMs,
      LIVE_HALF_LIVES,
    );
    const sum = (valueOf: (index: number) => number): number =>
      weights.reduce((so, weight, index) => so + weight * valueOf(index), 0);
    const isGood = (index: number): number => (own[index] && worked(own[index].attempt) ? 1 : 0);
    return {
      tool,
      successes: sum(isGood),
      failures: sum((index) => 1 - isGood(index)),
      meanDurationMs:
        sum((index) => own[index]?.attempt.durationMs ?? 0) /
        Math.max(
          1e-9,
          sum(() => 1),
        ),
    };
  });
}

/** Decayed counts of every method over all goals. */
export function liveMethodStats(evidence: readonly GoalEvidence[], nowMs: number): MethodStat[] {
  const choices = evidence.flatMap((goal) => goal.choices.map((choice) => ({ choice, atMs: goal.atMs })));
  return [...groupBy(choices, ({ choice }) => `${choice.task}\n${choice.method}`).values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const weights = weightsOf(
      own.map(({ atMs }) => atMs),
      nowMs,
      LIVE_HALF_LIVES,
    );
    const sumOf = (isGood: boolean): number =>
      own.reduce((sum, { choice }, index) => sum + (choice.worked === isGood ? (weights[index] ?? 0) : 0), 0);
    const { task, method } = first.choice;
    return [{ task, method, successes: sumOf(true), failures: sumOf(false) }];
  });
}
