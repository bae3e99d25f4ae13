import { selectAction } from '@goalkeeper/domain';
import type { GoalActivities } from '@goalkeeper/workflows/ports';

/** Selection is a pure function of what it is given, so a retry decides the same; the record is stored with the call. */
export function createSelectionActivities(): Pick<GoalActivities, 'selectAction'> {
  return {
    async selectAction({ goalId, step, tools, recall, banned, facts }) {
      return selectAction({ goalId, step, tools, stats: recall.toolStats, episodes: recall.episodes, banned, facts });
    },
  };
}
