import { type Attempt, type GoalEvidence, groupBy, rounded, sortedUnique, weightsOf, worked } from '../evidence';
import type { ToolReliability } from '../lesson';
import { HALF_LIVES, type Proposer, versionsIn } from './proposer';

interface Case {
  readonly goal: GoalEvidence;
  readonly attempt: Attempt;
}

/**
 * How a tool does for arguments of one shape: decayed counts, mean and variance of log milliseconds, mean cost. A call that
 * worked counts when its goal was verified, a call that failed always, an uncertain one never.
 */
export const toolReliability: Proposer<'tool_reliability'> = {
  kind: 'tool_reliability',
  propose(evidence, nowMs) {
    const cases = evidence.flatMap((goal) =>
      goal.attempts.filter((attempt) => counts(attempt, goal)).map((attempt) => ({ goal, attempt })),
    );
    return [...groupBy(cases, ({ attempt }) => `${attempt.tool}\n${attempt.context}`).values()].map((group) => {
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

function counts(attempt: Attempt, goal: GoalEvidence): boolean {
  return attempt.outcome !== 'uncertain' && (!worked(attempt) || goal.verified);
}

function bodyOf(group: readonly Case[], nowMs: number): ToolReliability {
  const weights = weightsOf(
    group.map(({ goal }) => goal.atMs),
    nowMs,
    HALF_LIVES,
  );
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
