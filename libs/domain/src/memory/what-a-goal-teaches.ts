import type { TaskRequest } from '../goals/goal';
import { speaksOfTool } from '../observation/blame';
import type { Observation } from '../observation/observation';
import type { Plan } from '../planning/plan';
import type { MethodStat } from './memory';
import { type ToolLesson, toolLessons } from './tool-lessons';

export type { ToolLesson } from './tool-lessons';

export interface GoalLesson {
  readonly episode: {
    readonly task: TaskRequest;
    readonly outcome: 'verified' | 'failed';
    readonly methods: Readonly<Record<string, string>>;
  };
  readonly tools: readonly ToolLesson[];
  readonly methods: readonly MethodStat[];
}

/** False where the goal ended at what no way could have helped: what was asked for, or what is around the tools. */
function isOfTheWay(observations: readonly Observation[]): boolean {
  return speaksOfTool(observations.findLast(({ outcome }) => outcome === 'failure')?.error ?? null);
}

/**
 * What memory takes from a goal that came to its own end. Only a verified outcome raises trust: successful calls and methods
 * count when the goal was verified, failed calls always. Uncertain outcomes and answers from the store count for nothing.
 * All counts are amounts to add, so that goals that end at once lose nothing.
 */
export function whatAGoalTeaches(input: {
  readonly plan: Pick<Plan, 'task' | 'choices'> & Partial<Pick<Plan, 'steps'>>;
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
    tools: toolLessons(observations, { verified, steps: plan.steps ?? [] }),
    methods: (verified || isOfTheWay(observations) ? plan.choices : []).map(({ task, method }) => ({
      task,
      method,
      successes: verified ? 1 : 0,
      failures: verified ? 0 : 1,
    })),
  };
}
