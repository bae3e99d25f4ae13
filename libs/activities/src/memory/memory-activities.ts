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
    recallMemory: ({ goal }) =>
      database.tenant(goal.tenantId, async (tx) => {
        const memory = new MemoryRepository(tx);
        const query = { words: goal.objective, task: goal.task?.name ?? null, limit: CANDIDATES };
        const candidates = await memory.recallCandidates(query);
        const toolStats = await memory.toolStats();
        const methodStats = await memory.methodStats();
        return {
          episodes: rankEpisodes({ objective: goal.objective, task: goal.task }, candidates, EPISODES),
          toolStats,
          methodStats,
        };
      }),
  };
}
