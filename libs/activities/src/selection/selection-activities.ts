import { selectAction } from '@goalkeeper/domain';
import type { GoalActivities } from '@goalkeeper/workflows/ports';

/**
 * Selection is a pure function of what it is given and of the time, which decides what has expired: a retry decides the same but
 * where a rule expired meanwhile. The record, time included, is stored with the call.
 */
export function createSelectionActivities(): Pick<GoalActivities, 'selectAction'> {
  return {
    async selectAction({ goalId, step, tools, recall, banned, banReasons = {}, facts }) {
      const { toolStats: stats, episodes, learned, calibration } = recall;
      const known = { stats, episodes, learned, calibration, nowMs: Date.now() };
      return selectAction({ goalId, step, tools, banned, banReasons, facts, ...known });
    },
  };
}
