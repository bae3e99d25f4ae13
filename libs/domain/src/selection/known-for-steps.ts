import type { Recall } from '../memory/memory';
import type { PlanStep } from '../planning/plan';
import type { ToolDescriptor } from '../tools/effect';
import { lessonsForStep, lessonsForSteps } from './lessons-for-step';

/** What a goal knows that selection reads. */
export interface Known {
  readonly tools: readonly ToolDescriptor[];
  readonly recall: Recall;
}

/** What selection needs to know of the tools that these steps may use, and no more: it travels with every question. */
export function knownForSteps({ tools, recall }: Known, steps: readonly PlanStep[]): Known {
  const names = new Set(steps.flatMap((step) => step.tools.map(({ tool }) => tool)));
  const { episodes, calibration = null } = recall;
  const learned = lessonsForSteps(recall.learned, steps);
  const toolStats = recall.toolStats
    .filter(({ tool }) => names.has(tool))
    .map(({ samples: _samples, ...stat }) => stat);
  return {
    tools: tools.filter(({ name }) => names.has(name)),
    recall: { episodes, toolStats, methodStats: [], calibration, ...(learned ? { learned } : {}) },
  };
}

/**
 * True when neither what holds nor the time has a say in the choice for this step: it comes out the same before the steps that
 * come first as after them, as long as nothing is banned meanwhile.
 */
export function canChooseAhead({ recall }: Known, step: PlanStep): boolean {
  const lessons = lessonsForStep(recall.learned, step)?.lessons ?? [];
  return step.when.length === 0 && !lessons.some(({ kind }) => kind === 'avoid_rule' || kind === 'operator_repair');
}
