import type { JsonObject } from '../json';

/** Where a goal stands. `succeeded` implies that its predicates were verified. */
export const GOAL_STATES = [
  'queued',
  'planning',
  'running',
  'waiting_dependency',
  'waiting_input',
  'waiting_approval',
  'paused',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'budget_exceeded',
] as const;
export type GoalState = (typeof GOAL_STATES)[number];

export const TERMINAL_STATES = ['succeeded', 'failed', 'cancelled', 'timed_out', 'budget_exceeded'] as const;
export type TerminalState = (typeof TERMINAL_STATES)[number];

/** True when nothing will happen to the goal any more. */
export function isTerminal(state: GoalState): state is TerminalState {
  return (TERMINAL_STATES as readonly string[]).includes(state);
}

export const PRIORITY_CLASSES = ['high', 'normal', 'low'] as const;
export type PriorityClass = (typeof PRIORITY_CLASSES)[number];

/** What happens to a goal when a goal it depends on does not succeed. */
export const DEPENDENCY_POLICIES = ['fail', 'skip', 'ask'] as const;
export type DependencyPolicy = (typeof DEPENDENCY_POLICIES)[number];

/** A task of a domain pack with its arguments. */
export interface TaskRequest {
  readonly name: string;
  readonly args: JsonObject;
}

/** What a client asked for, as stored; ids are plain UUIDs here (the API shows them with a prefix). */
export interface Goal {
  readonly id: string;
  readonly tenantId: string;
  /** The goal in words; may be empty when a task is given. */
  readonly objective: string;
  /** The task, when the client named it; else words are matched to one at planning. */
  readonly task: TaskRequest | null;
  readonly priority: PriorityClass;
  /** Milliseconds since the epoch, or null. */
  readonly deadlineMs: number | null;
  /** Tool calls at most, over all revisions of the plan. */
  readonly maxSteps: number;
  /** Steps that may run at once. */
  readonly parallelism: number;
  readonly dependsOn: readonly string[];
  readonly dependencyPolicy: DependencyPolicy;
  /** False when nobody may be asked: what people would decide takes its default at once. True unless told. */
  readonly mayAsk?: boolean;
  /** How long people have to answer a question, milliseconds; a day unless told. */
  readonly answerWithinMs?: number;
  /** The goal that raised this one, and the step that it does; absent for a goal that a client stated. */
  readonly parent?: { readonly goalId: string; readonly stepId: string };
  /** How many goals are above this one; 0 unless told. */
  readonly depth?: number;
}

/** Why a goal ended without success, in the form that clients read. */
export interface GoalFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly details: JsonObject;
}
