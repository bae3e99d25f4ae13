import type { GoalFailure, GoalState, JsonObject } from '@goalkeeper/domain';

/** An event that is about to happen to a goal; its number and time come with storing it. */
export interface NewEvent {
  /** `goal.created`, `step.completed`, … */
  readonly type: string;
  readonly stepId?: string | null;
  /** Who did it: `system` unless told; a client's events carry its token's name. */
  readonly actor?: string;
  readonly data: JsonObject;
}

export interface GoalEvent {
  /** From 1, without gaps within a goal. */
  readonly seq: number;
  readonly goalId: string;
  readonly type: string;
  readonly stepId: string | null;
  readonly actor: string;
  readonly data: JsonObject;
  readonly time: Date;
}

/** What an event changes on its goal, stored in the same statement. Absent fields stay as they are. */
export interface GoalPatch {
  /** Setting a state also keeps the times (started, finished); a finished goal takes no other state. */
  readonly state?: GoalState;
  readonly failure?: GoalFailure | null;
  readonly verified?: boolean;
  /** 0..1 */
  readonly progress?: number;
  readonly callsMadeAdd?: number;
  readonly planRevision?: number;
  readonly result?: JsonObject;
  /** Nothing is stored while the goal is in one of these states. */
  readonly refuseWhen?: readonly GoalState[];
  /** Nothing is stored unless the goal is in one of these states. */
  readonly onlyWhen?: readonly GoalState[];
}
