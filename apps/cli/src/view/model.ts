import type { Evidence, GoalFailure, GoalState } from '@goalkeeper/domain';

/** How a step stands, as people read it. */
export type StepState = 'waiting' | 'running' | 'retrying' | 'done' | 'failed' | 'skipped';

export interface StepLine {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  /** Labels or ids of the steps before it, as the plan names them. */
  readonly after: readonly string[];
  readonly state: StepState;
  readonly tool: string | null;
  /** 0..1, or null when the event did not tell. */
  readonly confidence: number | null;
  /** Calls made so far. */
  readonly calls: number;
  /** Milliseconds since the epoch on the server's clock; null before the first call. */
  readonly startedMs: number | null;
  /** Duration of the last finished call, milliseconds. */
  readonly durationMs: number | null;
  /** One line: what came back, or why it failed. */
  readonly outcome: string;
  /** The revision that brought it. */
  readonly revision: number;
  /** True when a later revision no longer has it. */
  readonly dropped: boolean;
}

export interface PlanRevision {
  readonly revision: number;
  readonly reason: string;
  /** What the words were understood as: `data.report source=sample:movies.json`; '' when the event did not tell. */
  readonly task: string;
  /** Labels. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly stepCount: number;
}

export interface ArtifactLine {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

/** Something worth a line of its own that belongs to no step: a lost worker, a command, a lesson stored. */
export interface Notice {
  readonly atMs: number;
  readonly text: string;
  readonly level: 'info' | 'warning';
}

/** All that the live view knows of a goal: the fold of its events. All texts are safe to print. */
export interface GoalView {
  readonly goalId: string;
  readonly objective: string;
  readonly state: GoalState | null;
  /** Server clock, milliseconds since the epoch. */
  readonly createdMs: number | null;
  readonly endedMs: number | null;
  readonly revisions: readonly PlanRevision[];
  readonly steps: readonly StepLine[];
  readonly artifacts: readonly ArtifactLine[];
  /** `evidence` may be a part of all checks: what is broken comes first. */
  readonly verification: {
    readonly holds: boolean;
    readonly checks: number;
    readonly broken: number;
    readonly evidence: readonly Evidence[];
  } | null;
  readonly failure: GoalFailure | null;
  readonly notices: readonly Notice[];
  /** Sequence number of the last event that was taken in; earlier ones are ignored. */
  readonly lastSeq: number;
  readonly lastEventMs: number | null;
}

/** The view of a goal of which no event has come yet. */
export function emptyView(goalId: string, objective = ''): GoalView {
  return {
    goalId,
    objective,
    state: null,
    createdMs: null,
    endedMs: null,
    revisions: [],
    steps: [],
    artifacts: [],
    verification: null,
    failure: null,
    notices: [],
    lastSeq: 0,
    lastEventMs: null,
  };
}
