import { contentStems, rankEpisodes } from '@goalkeeper/domain';
import { MemoryRepository } from '@goalkeeper/persistence';
import type { GoalActivities } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';

/** Candidates that the store brings up, and episodes that a goal takes along. */
const CANDIDATES = 20;
const EPISODES = 5;

/**
 * Asking again may bring newer episodes and is harmless before the plan; what the goal uses of what was learned is pinned by the
 * first question.
 */
export function createMemoryActivities({ database, learningArm }: ActivityDeps): Pick<GoalActivities, 'recallMemory'> {
  return {
    async recallMemory({ goal }) {
      const { tenantId, id: goalId, objective, task } = goal;
      const query = {
        ...{ words: objective, task: task?.name ?? null, limit: CANDIDATES },
        stems: task ? [] : contentStems(objective),
        ...(learningArm ? { arm: learningArm } : {}),
      };
      const found = await new MemoryRepository(database).recall({ tenantId, goalId }, query);
      return { ...found, episodes: rankEpisodes({ objective, task }, found.episodes, EPISODES) };
    },
  };
}
