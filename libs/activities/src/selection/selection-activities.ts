import { selectAction } from '@goalkeeper/domain';
import type { GoalActivities } from '@goalkeeper/workflows/ports';

/** Selection is a pure function of what it is given, so a retry decides the same; the record is stored with the call. */
export function createSelectionActivities(): Pick<GoalActivities, 'selectAction'> {
  return {
    async selectAction({ goalId, step, tools, recall, facts, banned, banReasons = {} }) {
      const { toolStats: stats, episodes } = recall;
      return selectAction({ goalId, step, tools, stats, episodes, facts, banned, banReasons });
    },
  };
}
