import { isBucketOf, namesIn } from '../buckets';
import { type GoalEvidence, groupBy, rounded, sortedUnique, weightsOf } from '../evidence';
import { HALF_LIVES, type Proposer } from './proposer';

/**
 * Which methods led to verified goals of one shape: decayed counts for each (task, shape of the goal, method), and for each (task,
 * names of the arguments, method), of which more goals tell.
 */
export const methodPreference: Proposer<'method_preference'> = {
  kind: 'method_preference',
  propose(evidence, nowMs) {
    const cases = evidence.flatMap((goal) =>
      goal.choices.flatMap((choice) => [...bucketsOf(goal)].map((bucket) => ({ goal, choice, bucket }))),
    );
    const groups = groupBy(cases, ({ bucket, choice }) => `${choice.task}\n${bucket}\n${choice.method}`);
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const weights = weightsOf(
        group.map(({ goal }) => goal.atMs),
        nowMs,
        HALF_LIVES,
      );
      const sumWhere = (isWorking: boolean): number =>
        rounded(
          group.reduce((sum, { choice }, index) => sum + (choice.worked === isWorking ? (weights[index] ?? 0) : 0), 0),
        );
      const { task, method } = first.choice;
      const { bucket } = first;
      return {
        kind: 'method_preference' as const,
        key: `${task} | ${bucket} | ${method}`,
        body: { task, bucket, method, successes: sumWhere(true), failures: sumWhere(false) },
        tasks: sortedUnique(group.map(({ goal }) => goal.task)),
        sources: sortedUnique(group.map(({ goal }) => goal.goalId)),
        versions: {},
      };
    });
  },
  concerns: ({ body }, goal) =>
    isBucketOf(body.bucket, goal.bucket) && goal.choices.some(({ task }) => task === body.task),
  agrees({ body }, goal) {
    const tried = isBucketOf(body.bucket, goal.bucket) ? choicesOf(goal, body) : [];
    if (tried.length === 0) return null;
    return tried.every(({ worked }) => worked) === body.successes >= body.failures;
  },
};

function bucketsOf({ bucket }: GoalEvidence): Set<string> {
  return new Set([bucket, namesIn(bucket)]);
}

function choicesOf(goal: GoalEvidence, body: { task: string; method: string }): GoalEvidence['choices'] {
  return goal.choices.filter(({ task, method }) => task === body.task && method === body.method);
}
