import type { ToolDescriptor } from '../tools/effect';

/**
 * What does a step that raises a goal: for planning, selection and records a tool like others, though the workflow itself does it,
 * by a child workflow. Its record says how often child goals succeed.
 */
export const SUB_GOAL: ToolDescriptor = {
  name: 'goal.pursue',
  version: '1.0.0',
  summary: 'Pursues a goal of its own, with a slice of the budget, and returns what it put out.',
  kind: 'real',
  effect: 'idempotent', // the child's id is fixed by the step: a repeat meets the same child
  boundMs: 60_000,
  timeoutMs: 86_400_000,
  costUsd: 0,
};
