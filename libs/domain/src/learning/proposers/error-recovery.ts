import { type Attempt, type GoalEvidence, groupBy, rounded, sortedUnique, weightsOf, worked } from '../evidence';
import type { ErrorRecovery } from '../lesson';
import { HALF_LIVES, type Proposer, versionsIn } from './proposer';

type Recovery = ErrorRecovery['recovery'];
const RECOVERIES: readonly Recovery[] = ['retry', 'alternative', 'repair', 'replan', 'ask', 'give_up'];

interface Case {
  readonly goal: GoalEvidence;
  readonly attempt: Attempt;
  readonly recovery: Recovery;
  readonly recovered: boolean;
}

/**
 * What worked after an error of one signature: for each recovery that was tried, how often the step's next call worked (a new
 * plan: the goal was verified). The one with the best mean of Beta(1 + successes, 1 + failures) is proposed.
 */
export const errorRecovery: Proposer<'error_recovery'> = {
  kind: 'error_recovery',
  propose(evidence, nowMs) {
    const groups = groupBy(
      evidence.flatMap(casesOf),
      ({ attempt }) => `${attempt.tool}\n${attempt.error?.signature ?? ''}`,
    );
    return [...groups.values()].flatMap((group) => {
      const tried = [...groupBy(group, ({ recovery }) => recovery).values()].map((cases) => bodyOf(cases, nowMs));
      tried.sort((a, b) => meanOf(b) - meanOf(a) || (a.recovery < b.recovery ? -1 : 1));
      const [body] = tried;
      if (!body || body.successes <= body.failures) return [];
      const agreeing = group.filter(({ recovery, recovered }) => recovery === body.recovery && recovered);
      return {
        kind: 'error_recovery' as const,
        key: `${body.tool} | ${body.signature}`,
        body,
        tasks: sortedUnique(group.map(({ goal }) => goal.task)),
        sources: sortedUnique(agreeing.map(({ goal }) => goal.goalId)),
        versions: versionsIn(evidence, [body.tool]),
      };
    });
  },
  concerns: ({ body }, goal) => goal.attempts.some((attempt) => isMeant(body, attempt)),
  agrees({ body }, goal) {
    const cases = casesOf(goal).filter(({ attempt, recovery }) => isMeant(body, attempt) && recovery === body.recovery);
    return cases.length === 0 ? null : cases.some(({ recovered }) => recovered);
  },
};

function isMeant(body: ErrorRecovery, { tool, error }: Attempt): boolean {
  return tool === body.tool && error?.signature === body.signature;
}

const known = new WeakMap<GoalEvidence, readonly Case[]>();

/** {@link readCases}, read once for each goal: every lesson of a round asks. */
function casesOf(goal: GoalEvidence): readonly Case[] {
  const before = known.get(goal);
  if (before) return before;
  const cases = readCases(goal);
  known.set(goal, cases);
  return cases;
}

/** Every failure of a goal with what was done about it and whether that helped; help counts in verified goals alone. */
function readCases(goal: GoalEvidence): Case[] {
  return goal.attempts.flatMap((attempt, index) => {
    const recovery = RECOVERIES.find((one) => one === attempt.next);
    if (!attempt.error || attempt.outcome !== 'failure' || !recovery) return [];
    const following = goal.attempts.slice(index + 1).find(({ stepId }) => stepId === attempt.stepId);
    const helped = recovery === 'replan' || recovery === 'repair' ? true : following !== undefined && worked(following);
    return [{ goal, attempt, recovery, recovered: goal.verified && helped }];
  });
}

function bodyOf(cases: readonly Case[], nowMs: number): ErrorRecovery {
  const weights = weightsOf(
    cases.map(({ goal }) => goal.atMs),
    nowMs,
    HALF_LIVES,
  );
  const sumWhere = (isHelp: boolean): number =>
    rounded(cases.reduce((sum, { recovered }, index) => sum + (recovered === isHelp ? (weights[index] ?? 0) : 0), 0));
  const { attempt, recovery } = cases[0] as Case;
  const { signature = '', template = '' } = attempt.error ?? {};
  return { signature, template, tool: attempt.tool, recovery, successes: sumWhere(true), failures: sumWhere(false) };
}

function meanOf({ successes, failures }: ErrorRecovery): number {
  return (1 + successes) / (2 + successes + failures);
}
