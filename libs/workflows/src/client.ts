import type { Answer, Goal, GoalState, PlanStep, PriorityClass } from '@goalkeeper/domain';

/** What starters and observers of the goal workflow need to know of it; no workflow code behind this entry. */
export const GOAL_WORKFLOW = 'goalWorkflow';

/** Plans a goal and starts nothing; its argument is {@link GoalWorkflowInput}. */
export const PREVIEW_WORKFLOW = 'planPreviewWorkflow';

/** `goal:<tenant>:<goal>`: one workflow id for ever, so that a second start meets the first. */
export function goalWorkflowId(ref: { readonly tenantId: string; readonly goalId: string }): string {
  return `goal:${ref.tenantId}:${ref.goalId}`;
}

/** A task queue for each pool. */
export function taskQueueOf(priority: PriorityClass): string {
  return `goals-${priority}`;
}

/** Order inside a queue, 1 (first) to 5: the class decides, a deadline within the hour moves it one up. */
export function priorityKeyOf(goal: Pick<Goal, 'priority' | 'deadlineMs'>, nowMs: number): number {
  const base = { high: 2, normal: 3, low: 4 }[goal.priority];
  return goal.deadlineMs !== null && goal.deadlineMs - nowMs < 3_600_000 ? base - 1 : base;
}

export interface GoalWorkflowInput {
  readonly goal: Goal;
}

/** Names of the messages a running goal understands. */
export const STATUS_QUERY = 'status';
export const COMMAND_UPDATE = 'command';

export const COMMAND_KINDS = ['cancel', 'pause', 'resume', 'answer'] as const;
export type CommandKind = (typeof COMMAND_KINDS)[number];

/** The argument of {@link COMMAND_UPDATE}; its id is also the Update's id. */
export interface GoalCommand {
  readonly id: string;
  readonly kind: CommandKind;
  readonly reason: string;
  /** Of an `answer`: which question, and what was said. */
  readonly answer?: { readonly questionId: string } & Answer;
}

/** The answer of {@link STATUS_QUERY}. */
export interface WorkflowStatus {
  readonly state: GoalState;
  readonly revision: number;
  readonly progress: number;
  readonly callsMade: number;
  readonly historyLength: number;
  readonly steps: readonly {
    readonly id: PlanStep['id'];
    readonly label: string;
    readonly state: 'pending' | 'running' | 'succeeded' | 'failed';
  }[];
}

/** The workflow that learns, for one tenant or for all; a schedule runs it. */
export const LEARNING_WORKFLOW = 'learningWorkflow';
export const LEARNING_SCHEDULE = 'goalkeeper-learning';

export interface LearningWorkflowInput {
  /** Absent: every tenant for which there is something to do. */
  readonly tenantId?: string;
  /** Of a run that another one handed over to: the tenants behind this one are left. */
  readonly after?: string;
}

/** One round of a tenant at a time; somebody who asks for one meanwhile gets the one that runs. */
export function learningWorkflowId(tenantId: string): string {
  return `learning:${tenantId}`;
}
