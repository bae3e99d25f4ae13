import type { Goal } from '../goals/goal';
import type { Observation } from '../observation/observation';
import type { Plan } from '../planning/plan';
import type { ToolStat } from '../selection/selection';
import type { MethodStat } from './memory';
import type { StoredEpisode } from './recall';

/** What each older observation is worth when a new one comes: half of it is forgotten after 34. */
export const DECAY = 0.98;
/** Least weight of a new duration in the mean, so that a shift shows within some twenty calls. */
const LEAST_DURATION_WEIGHT = 0.05;

/** What memory keeps of a finished goal. Nothing but a verified outcome counts as success. */
export function summariseEpisode(input: {
  readonly id: string;
  readonly goal: Pick<Goal, 'id' | 'objective'>;
  readonly plan: Plan;
  readonly verified: boolean;
}): StoredEpisode {
  const { id, goal, plan, verified } = input;
  return {
    id,
    goalId: goal.id,
    objective: goal.objective,
    task: plan.task,
    outcome: verified ? 'verified' : 'failed',
    methods: Object.fromEntries(plan.choices.map((choice) => [choice.task, choice.method])),
  };
}

/**
 * The tool's record after one more observation, in decayed counts. A success never lowers p and a failure never raises
 * it, whatever the record was before; a partial success counts as a success, an uncertain one not at all, a stored answer
 * (`replayed`) was counted when it was made.
 */
export function updateToolStat(stat: ToolStat | null, observation: Observation): ToolStat {
  const before = stat ?? { tool: observation.tool, successes: 0, failures: 0, meanDurationMs: 0 };
  if (observation.replayed || observation.outcome === 'uncertain') return before;
  const worked = observation.outcome !== 'failure';
  const calls = before.successes + before.failures;
  const weight = Math.max(LEAST_DURATION_WEIGHT, 1 / (calls + 1));
  return {
    tool: before.tool,
    successes: worked ? gained(before.successes) : before.successes * DECAY,
    failures: worked ? before.failures * DECAY : gained(before.failures),
    meanDurationMs: before.meanDurationMs + weight * (observation.durationMs - before.meanDurationMs),
  };
}

/** A decayed count and one more; a count above the ceiling of 1 / (1 − decay) stays, it must not shrink by gaining. */
function gained(count: number): number {
  return Math.max(count, count * DECAY + 1);
}

/** The records of the methods that a goal's last plan used, after its end. */
export function updateMethodStats(
  stats: readonly MethodStat[],
  episode: Pick<StoredEpisode, 'methods' | 'outcome'>,
): MethodStat[] {
  const worked = episode.outcome === 'verified';
  return Object.entries(episode.methods).map(([task, method]) => {
    const known = stats.find((stat) => stat.task === task && stat.method === method);
    const before = known ?? { task, method, successes: 0, failures: 0 };
    return {
      task,
      method,
      successes: worked ? gained(before.successes) : before.successes * DECAY,
      failures: worked ? before.failures * DECAY : gained(before.failures),
    };
  });
}
