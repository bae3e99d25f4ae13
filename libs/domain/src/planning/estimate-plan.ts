import type { ToolStat } from '../selection/selection';
import type { ToolDescriptor } from '../tools/effect';
import type { Plan, PlanStep } from './plan';

/** `learned`: from what earlier calls of the tool took; `declared`: from what the tool says of itself. */
export type EstimateBasis = 'learned' | 'declared';

export interface StepEstimate {
  readonly id: string;
  readonly tool: string;
  readonly durationMs: number;
  readonly costUsd: number;
  readonly basis: EstimateBasis;
}

export interface PlanEstimate {
  /** With every step as early as the order allows, and no limit to how many run at once. Milliseconds. */
  readonly durationMs: number;
  /** One step after the other. Milliseconds. */
  readonly sequentialMs: number;
  readonly costUsd: number;
  readonly basis: EstimateBasis | 'mixed';
  readonly steps: readonly StepEstimate[];
}

/**
 * What a plan will probably take: the first tool of each step, its mean duration over earlier calls where there are some, else
 * the bound that it declares. The duration is that of the longest path through the order of the steps.
 */
export function estimatePlan(
  plan: Pick<Plan, 'steps'>,
  tools: readonly ToolDescriptor[],
  stats: readonly ToolStat[],
): PlanEstimate {
  const steps = plan.steps.map((step) => estimateStep(step, tools, stats));
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ends = new Map<string, number>();
  for (const { id, after } of plan.steps) {
    const start = Math.max(0, ...after.map((other) => ends.get(other) ?? 0));
    ends.set(id, start + (byId.get(id)?.durationMs ?? 0));
  }
  const bases = new Set(steps.map(({ basis }) => basis));
  const [only] = bases;
  const sum = (of: (step: StepEstimate) => number): number => steps.reduce((total, step) => total + of(step), 0);
  return {
    durationMs: Math.round(Math.max(0, ...ends.values())),
    sequentialMs: Math.round(sum(({ durationMs }) => durationMs)),
    costUsd: Math.round(sum(({ costUsd }) => costUsd) * 1e6) / 1e6,
    basis: bases.size > 1 ? 'mixed' : (only ?? 'declared'),
    steps,
  };
}

function estimateStep(step: PlanStep, tools: readonly ToolDescriptor[], stats: readonly ToolStat[]): StepEstimate {
  const tool = step.tools[0]?.tool ?? '';
  const declared = tools.find(({ name }) => name === tool);
  const stat = stats.find((candidate) => candidate.tool === tool && candidate.successes + candidate.failures > 0);
  return {
    id: step.id,
    tool,
    durationMs: Math.round(stat?.meanDurationMs ?? declared?.boundMs ?? 0),
    costUsd: declared?.costUsd ?? 0,
    basis: stat ? 'learned' : 'declared',
  };
}
