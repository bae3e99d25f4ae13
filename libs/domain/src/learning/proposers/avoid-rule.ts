import { canonicalJson } from '../../json';
import type { Literal } from '../../planning/pack';
import { type Attempt, failedItself, type GoalEvidence, groupBy, rounded, sortedUnique, worked } from '../evidence';
import { type Proposer, versionsIn } from './proposer';

const LEAST_FAILURES = 3;
/** A rule is forgotten so long after the last failure that spoke for it. */
export const AVOID_DAYS = 7;
const DAY_MS = 86_400_000;
/** Only failures so far back count: longer runs of luck or bad luck end. */
const WINDOW = 20;

interface Case {
  readonly goal: GoalEvidence;
  readonly attempt: Attempt;
}

/**
 * A tool that only ever failed for arguments of one shape, while the same tool has calls that worked elsewhere or others do the
 * step. The penalty is f / (f + 4) for f failures, below 1; the facts are those that held in every failure and in no success.
 */
export const avoidRule: Proposer<'avoid_rule'> = {
  kind: 'avoid_rule',
  propose(evidence) {
    const cases = evidence.flatMap((goal) => goal.attempts.map((attempt) => ({ goal, attempt })));
    const byTool = groupBy(cases, ({ attempt }) => attempt.tool);
    return [...groupBy(cases, ({ attempt }) => `${attempt.tool}\n${attempt.context}`).values()].flatMap((all) => {
      const group = all.slice(-WINDOW);
      const failures = group.filter(({ attempt }) => failedItself(attempt));
      const [first] = failures;
      if (!first || failures.length < LEAST_FAILURES || group.some(({ attempt }) => worked(attempt))) return [];
      const { tool, context } = first.attempt;
      const successes = (byTool.get(tool) ?? []).filter(({ attempt }) => worked(attempt));
      const lastMs = failures.at(-1)?.goal.atMs ?? 0;
      return {
        kind: 'avoid_rule' as const,
        key: `${tool} | ${context}`,
        body: {
          tool,
          context,
          facts: commonFacts(failures, successes),
          failures: failures.length,
          penalty: rounded(failures.length / (failures.length + 4)),
          expiresAt: new Date(lastMs + AVOID_DAYS * DAY_MS).toISOString(),
        },
        tasks: sortedUnique(failures.map(({ goal }) => goal.task)),
        sources: sortedUnique(failures.map(({ goal }) => goal.goalId)),
        versions: versionsIn(evidence, [tool]),
      };
    });
  },
  concerns: ({ body }, goal) =>
    goal.attempts.some(({ tools, context }) => context === body.context && tools.includes(body.tool)),
  agrees({ body }, goal) {
    const calls = goal.attempts.filter(
      (attempt) =>
        attempt.tool === body.tool && attempt.context === body.context && (worked(attempt) || failedItself(attempt)),
    );
    return calls.length === 0 ? null : !calls.some(worked);
  },
};

function commonFacts(failures: readonly Case[], successes: readonly Case[]): Literal[] {
  const held = (attempt: Attempt, key: string): boolean => attempt.facts.some((fact) => keyOf(fact) === key);
  return (failures[0]?.attempt.facts ?? []).filter((fact) => {
    const key = keyOf(fact);
    return failures.every(({ attempt }) => held(attempt, key)) && !successes.some(({ attempt }) => held(attempt, key));
  });
}

function keyOf({ predicate, args }: Literal): string {
  return `${predicate} ${canonicalJson(args)}`;
}
