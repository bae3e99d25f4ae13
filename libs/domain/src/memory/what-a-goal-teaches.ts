import type { TaskRequest } from '../goals/goal';
import type { Observation } from '../observation/observation';
import type { Plan } from '../planning/plan';
import type { MethodStat } from './memory';

/** What one goal adds to a tool's record. */
export interface ToolLesson {
  readonly tool: string;
  readonly successes: number;
  readonly failures: number;
  /** Sum over the counted calls, milliseconds. */
  readonly durationMs: number;
}

export interface GoalLesson {
  readonly episode: {
    readonly task: TaskRequest;
    readonly outcome: 'verified' | 'failed';
    readonly methods: Readonly<Record<string, string>>;
  };
  readonly tools: readonly ToolLesson[];
  readonly methods: readonly MethodStat[];
}

/**
 * What memory takes from a goal that came to its own end. Only a verified outcome raises trust: successful calls and methods
 * count when the goal was verified, failed calls always. Uncertain outcomes and answers from the store count for nothing.
 * All counts are amounts to add, so that goals that end at once lose nothing.
 */
export function whatAGoalTeaches(input: {
  readonly plan: Pick<Plan, 'task' | 'choices'>;
  readonly observations: readonly Observation[];
  readonly verified: boolean;
}): GoalLesson {
  const { plan, observations, verified } = input;
  return {
    episode: {
      task: plan.task,
      outcome: verified ? 'verified' : 'failed',
      methods: Object.fromEntries(plan.choices.map(({ task, method }) => [task, method])),
    },
    tools: toolLessons(observations, verified),
    methods: plan.choices.map(({ task, method }) => ({
      task,
      method,
      successes: verified ? 1 : 0,
      failures: verified ? 0 : 1,
    })),
  };
}

function toolLessons(observations: readonly Observation[], verified: boolean): ToolLesson[] {
  const byTool = new Map<string, ToolLesson>();
  for (const { tool, outcome, replayed, durationMs } of observations) {
    const worked = outcome === 'success' || outcome === 'partial';
    if (replayed || outcome === 'uncertain' || (worked && !verified)) continue;
    const before = byTool.get(tool) ?? { tool, successes: 0, failures: 0, durationMs: 0 };
    byTool.set(tool, {
      tool,
      successes: before.successes + (worked ? 1 : 0),
      failures: before.failures + (worked ? 0 : 1),
      durationMs: before.durationMs + durationMs,
    });
  }
  return [...byTool.values()];
}
