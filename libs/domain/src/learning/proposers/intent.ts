import { type GoalEvidence, groupBy, sortedUnique } from '../evidence';
import type { Proposer } from './proposer';

const MOST_STEMS = 8;

/**
 * Words that verified goals were stated in and the task that they turned out to mean. A set of stems that ever stood for two
 * tasks teaches nothing: it would make a wrong guess sure of itself.
 */
export const intent: Proposer<'intent'> = {
  kind: 'intent',
  propose(evidence) {
    const told = evidence.filter(({ verified, stems }) => verified && stems.length > 0 && stems.length <= MOST_STEMS);
    return [...groupBy(told, ({ stems }) => stems.join(' ')).values()].flatMap((group) => {
      const tasks = sortedUnique(group.map(({ task }) => task));
      const [first] = group;
      if (!first || tasks.length > 1) return [];
      return {
        kind: 'intent' as const,
        key: `${first.task} | ${first.stems.join(' ')}`,
        body: { task: first.task, stems: first.stems, goals: new Set(group.map(({ goalId }) => goalId)).size },
        tasks,
        sources: sortedUnique(group.map(({ goalId }) => goalId)),
        versions: {},
      };
    });
  },
  concerns: ({ body }, goal) => saysAll(goal, body.stems),
  agrees: ({ body }, goal) => (saysAll(goal, body.stems) && goal.verified ? goal.task === body.task : null),
};

function saysAll({ stems }: GoalEvidence, wanted: readonly string[]): boolean {
  return stems.length > 0 && wanted.every((stem) => stems.includes(stem));
}
