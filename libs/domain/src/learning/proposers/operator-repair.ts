import { canonicalJson } from '../../json';
import type { Literal } from '../../planning/pack';
import { type Attempt, type GoalEvidence, groupBy, sortedUnique, worked } from '../evidence';
import type { Proposer } from './proposer';

const LEAST = { successes: 3, failures: 2 } as const;

interface Case {
  readonly goal: GoalEvidence;
  readonly attempt: Attempt;
}

/**
 * A precondition that an operator seems to lack: a fact about its own arguments that held before every call that worked and
 * before none that failed explicitly and for good. A hypothesis: it lowers a chance, it never forbids.
 */
export const operatorRepair: Proposer<'operator_repair'> = {
  kind: 'operator_repair',
  propose(evidence) {
    const cases = evidence.flatMap((goal) => goal.attempts.map((attempt) => ({ goal, attempt })));
    return [...groupBy(cases, ({ attempt }) => attempt.operator)].flatMap(([operator, group]) => {
      const successes = group.filter(({ goal, attempt }) => worked(attempt) && goal.verified);
      const failures = group.filter(({ attempt }) => isFailure(attempt));
      if (successes.length < LEAST.successes || failures.length < LEAST.failures) return [];
      return missingIn(successes, failures).map((missing) => ({
        kind: 'operator_repair' as const,
        key: `${operator} | ${keyOf(missing)}`,
        body: { operator, missing, heldInSuccesses: successes.length, lackedInFailures: failures.length },
        tasks: sortedUnique(group.map(({ goal }) => goal.task)),
        sources: sortedUnique(failures.map(({ goal }) => goal.goalId)),
        versions: {},
      }));
    });
  },
  concerns: ({ body }, goal) => goal.attempts.some(({ operator }) => operator === body.operator),
  agrees({ body }, goal) {
    const calls = goal.attempts.filter(
      (attempt) => attempt.operator === body.operator && (isFailure(attempt) || (worked(attempt) && goal.verified)),
    );
    if (calls.length === 0) return null;
    const key = keyOf(body.missing);
    return calls.every((attempt) => attempt.facts.some((fact) => keyOf(fact) === key) === worked(attempt));
  },
};

function isFailure({ outcome, error }: Attempt): boolean {
  return outcome === 'failure' && error?.kind === 'explicit' && error.duration === 'permanent';
}

function missingIn(successes: readonly Case[], failures: readonly Case[]): Literal[] {
  const [first, ...others] = successes;
  const held = (attempt: Attempt, key: string): boolean => attempt.facts.some((fact) => keyOf(fact) === key);
  return (first?.attempt.facts ?? []).filter((fact) => {
    const key = keyOf(fact);
    return others.every(({ attempt }) => held(attempt, key)) && !failures.some(({ attempt }) => held(attempt, key));
  });
}

function keyOf({ predicate, args }: Literal): string {
  return `${predicate} ${canonicalJson(args)}`;
}
