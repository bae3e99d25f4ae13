import { canonicalJson } from '../../json';
import type { Literal } from '../../planning/pack';
import { argumentsIn, namesIn } from '../buckets';
import { digest64 } from '../draw';
import { type DoneStep, failedItself, type GoalEvidence, groupBy, sortedUnique } from '../evidence';
import type { Macro } from '../lesson';
import type { Proposer } from './proposer';

/** Steps of a macro at most; one step alone is no macro. */
const LENGTH = { least: 2, most: 12 } as const;
/** A way that fewer of the verified goals went is an exception, or was slipped in. */
const LEAST_SHARE = 0.2;
/** Moves that leave a way. */
const GIVEN_UP: ReadonlySet<string> = new Set(['replan', 'repair', 'give_up']);

/**
 * A method induced from verified plans: of all sequences of steps that led goals of one task with the same arguments to a verified end in at
 * least two goals, the shortest. Constants are lifted to the task's arguments; its condition is what goal regression leaves:
 * what a step needs and no step before it gives.
 */
export const macro: Proposer<'macro'> = {
  kind: 'macro',
  propose(evidence) {
    const groups = groupBy(evidence.filter(isLearnable), ({ task, bucket }) => `${task}\n${namesIn(bucket)}`);
    return [...groups.values()].flatMap((goals) => {
      const ways = [...groupBy(goals, wayOf).values()].filter(
        (same) => same.length >= Math.max(2, LEAST_SHARE * goals.length),
      );
      ways.sort((a, b) => lengthOf(a) - lengthOf(b) || b.length - a.length || (wayOf(a[0]) < wayOf(b[0]) ? -1 : 1));
      const [best] = ways;
      const [first] = best ?? [];
      if (!best || !first) return [];
      const body = bodyOf(first);
      return {
        kind: 'macro' as const,
        key: `${first.task} | ${namesIn(first.bucket)} | ${body.name}`,
        body,
        tasks: [first.task],
        sources: sortedUnique(best.map(({ goalId }) => goalId)),
        versions: {},
      };
    });
  },
  concerns: ({ body }, goal) => goal.task === body.task && sameParams(body, goal),
  agrees({ body }, goal) {
    if (goal.task !== body.task || !sameParams(body, goal)) return null;
    if (goal.verified && operatorsOf(goal.steps) === operatorsOf(body.steps)) return true;
    return wasGivenUp(body, goal) ? false : null;
  },
};

function isLearnable({ verified, steps }: GoalEvidence): boolean {
  return verified && steps.length >= LENGTH.least && steps.length <= LENGTH.most;
}

function lengthOf(goals: readonly GoalEvidence[]): number {
  return goals[0]?.steps.length ?? 0;
}

/**
 * True where a goal set out on the macro's way and left it: what it did up to its last failure were steps of the macro alone, in their
 * order, the last of them failed by itself, and the goal was led to its end otherwise or not at all.
 */
function wasGivenUp({ steps }: Macro, { attempts }: GoalEvidence): boolean {
  const last = attempts.findLastIndex((attempt) => failedItself(attempt) && GIVEN_UP.has(attempt.next ?? ''));
  if (last < 0) return false;
  const done = attempts.slice(0, last + 1).map(({ operator }) => operator);
  const way = done.filter((operator, index) => operator !== done[index - 1]);
  return operatorsOf(steps.slice(0, way.length)) === way.join(' ');
}

/** One text for one sequence of steps. */
function wayOf(goal: GoalEvidence | undefined): string {
  return canonicalJson((goal?.steps ?? []).map(({ operator, args }) => ({ operator, args })));
}

function operatorsOf(steps: readonly { readonly operator: string }[]): string {
  return steps.map(({ operator }) => operator).join(' ');
}

function sameParams({ params }: Macro, { bucket }: GoalEvidence): boolean {
  return params.join(' ') === namesIn(bucket);
}

function bodyOf(goal: GoalEvidence): Macro {
  const steps = goal.steps.map(({ operator, args }) => ({ operator, args }));
  return {
    task: goal.task,
    name: `learned-${digest64(wayOf(goal)).slice(0, 8)}`,
    params: argumentsIn(goal.bucket),
    when: regressed(goal.steps),
    steps: steps.map(({ operator, args }) => ({ operator, args: args })),
  };
}

/** The conditions of a sequence: what a step needs that no step before it has given. */
function regressed(steps: readonly DoneStep[]): Literal[] {
  const given = new Set<string>();
  const needed = new Map<string, Literal>();
  for (const { when, adds } of steps) {
    for (const literal of when) if (!given.has(keyOf(literal))) needed.set(keyOf(literal), literal);
    adds.forEach((fact) => given.add(keyOf(fact)));
  }
  return [...needed.values()];
}

function keyOf({ predicate, args, not }: Literal): string {
  return `${not ? '!' : ''}${predicate} ${canonicalJson(args)}`;
}
