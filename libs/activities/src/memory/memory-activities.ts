import { rankEpisodes } from '@goalkeeper/domain';
import { MemoryRepository } from '@goalkeeper/persistence';
import type { GoalActivities } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';

/** Candidates that the store brings up, and episodes that a goal takes along. */
const CANDIDATES = 20;
const EPISODES = 5;

/** Recall only reads; asking again may bring newer memories and is harmless before the plan. */
export function createMemoryActivities({ database }: ActivityDeps): Pick<GoalActivities, 'recallMemory'> {
  return {
    async recallMemory({ goal }) {
      const { tenantId, id: goalId, objective, task } = goal;
      const query = { words: objective, task: task?.name ?? null, limit: CANDIDATES };
      const { episodes, toolStats, methodStats, calibration } = await new MemoryRepository(database).recall(
        { tenantId, goalId },
        query,
      );
      return { episodes: rankEpisodes({ objective, task }, episodes, EPISODES), toolStats, methodStats, calibration };
    },
  };
}
