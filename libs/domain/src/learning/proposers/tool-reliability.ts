import {
  type Attempt,
  decayedWeight,
  failedItself,
  type GoalEvidence,
  groupBy,
  rounded,
  sortedUnique,
  worked,
} from '../evidence';
import type { ToolReliability } from '../lesson';
import { HALF_LIVES, type Proposer, versionsIn } from './proposer';

interface Case {
  readonly goal: GoalEvidence;
  readonly attempt: Attempt;
  /** Later cases of the same operator for arguments of that shape, by whatever tool. */
  readonly later: number;
}

/**
 * How a tool does for arguments of one shape: decayed counts, mean and variance of log milliseconds, mean cost. A call that
 * worked counts when its goal was verified, one that failed by the tool's fault always, an uncertain one never.
 */
export const toolReliability: Proposer<'tool_reliability'> = {
  kind: 'tool_reliability',
  propose(evidence, nowMs) {
    const cases = evidence.flatMap((goal) =>
      goal.attempts.filter((attempt) => counts(attempt, goal)).map((attempt) => ({ goal, attempt })),
    );
    const aged = withLaterCases(cases);
    return [...groupBy(aged, ({ attempt }) => `${attempt.tool}\n${attempt.context}`).values()].map((group) => {
      const body = bodyOf(group, nowMs);
      return {
        kind: 'tool_reliability' as const,
        key: `${body.tool} | ${body.context}`,
        body,
        tasks: sortedUnique(group.map(({ goal }) => goal.task)),
        sources: sortedUnique(group.map(({ goal }) => goal.goalId)),
        versions: versionsIn(evidence, [body.tool]),
      };
    });
  },
  concerns: ({ body }, goal) =>
    goal.attempts.some(({ tools, context }) => context === body.context && tools.includes(body.tool)),
  agrees({ body }, goal) {
    const calls = goal.attempts.filter(
      (attempt) => attempt.tool === body.tool && attempt.context === body.context && counts(attempt, goal),
    );
    if (calls.length === 0) return null;
    const share = calls.filter(worked).length / calls.length;
    return share >= 0.5 === body.successes >= body.failures;
  },
};

/**
 * A case grows old by what happens after it in the same place, whichever tool does it: so the record of a tool that is no longer
 * chosen fades too, and it gets another chance.
 */
function withLaterCases(cases: readonly Omit<Case, 'later'>[]): Case[] {
  const seen = new Map<string, number>();
  const aged = cases.toReversed().map((one) => {
    const place = `${one.attempt.operator}\n${one.attempt.context}`;
    const later = seen.get(place) ?? 0;
    seen.set(place, later + 1);
    return { ...one, later };
  });
  return aged.toReversed();
}

function counts(attempt: Attempt, goal: GoalEvidence): boolean {
  return worked(attempt) ? goal.verified : failedItself(attempt);
}

const STREAK = 2;
/** Chance below which a streak of failures is taken for a change of the tool rather than for bad luck. */
const BREAK = 0.02;

/**
 * Where the record begins to tell of the tool as it is now: the start of the last streak of n ≥ {@link STREAK} goals in which it failed,
 * where f^n < {@link BREAK}, f the mean of Beta(1 + failed goals, 1 + other goals) before it; 0 when there was none. Goals are counted by
 * their first call: the calls of one goal fail together.
 */
function lastBreakIn(group: readonly Case[]): number {
  let [start, successes, failures, began, streak] = [0, 0, 0, 0, 0];
  group.forEach(({ attempt, goal }, index) => {
    if (group[index - 1]?.goal === goal) return;
    if (worked(attempt)) [successes, failures, streak] = [successes + 1, failures + streak, 0];
    else {
      if (streak === 0) began = index;
      streak += 1;
      if (streak >= STREAK && ((1 + failures) / (2 + failures + successes)) ** streak < BREAK)
        [start, successes, failures, streak] = [began, 0, streak, 0];
    }
  });
  return start;
}

function bodyOf(all: readonly Case[], nowMs: number): ToolReliability {
  const group = all.slice(lastBreakIn(all));
  const weights = group.map(({ goal, later }) => decayedWeight(nowMs - goal.atMs, later, HALF_LIVES));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sum = (valueOf: (attempt: Attempt) => number): number =>
    group.reduce((so, { attempt }, index) => so + (weights[index] ?? 0) * valueOf(attempt), 0);
  const logMs = (attempt: Attempt): number => Math.log(Math.max(1, attempt.durationMs));
  const mean = total > 0 ? sum(logMs) / total : 0;
  const first = group[0]?.attempt;
  return {
    tool: first?.tool ?? '',
    context: first?.context ?? '',
    successes: rounded(sum((attempt) => (worked(attempt) ? 1 : 0))),
    failures: rounded(sum((attempt) => (worked(attempt) ? 0 : 1))),
    meanLogMs: rounded(mean),
    varLogMs: rounded(total > 0 ? sum((attempt) => (logMs(attempt) - mean) ** 2) / total : 0),
    meanCostUsd: rounded(total > 0 ? sum(({ costUsd }) => costUsd) / total : 0),
  };
}
