import type { JsonObject } from '../json';
import type { Fact } from '../planning/plan';
import type { Blame } from './blame';

export type Outcome = 'success' | 'partial' | 'failure' | 'uncertain';

/** (explicit | silent) × (transient | permanent), with a stable code. Silent: the tool claimed success, a check disagreed. */
export interface ErrorClass {
  readonly kind: 'explicit' | 'silent';
  readonly duration: 'transient' | 'permanent';
  readonly code: string;
  readonly message: string;
  /** Where its cause lies; absent: in the tool. */
  readonly blame?: Blame;
}

/** Something that was checked, with the value that was seen. */
export interface Evidence {
  readonly check: string;
  readonly holds: boolean;
  readonly seen: string;
}

/** What came back from one tool call, typed by rules and never by words in a text. */
export interface Observation {
  readonly stepId: string;
  readonly tool: string;
  readonly outcome: Outcome;
  readonly error: ErrorClass | null;
  readonly evidence: readonly Evidence[];
  readonly factsAdded: readonly Fact[];
  readonly factsRemoved: readonly Fact[];
  /** One line for people, ≤ 200 characters. */
  readonly summary: string;
  readonly durationMs: number;
  readonly costUsd: number;
  /** True when a stored result answered and nothing was dispatched. */
  readonly replayed: boolean;
  /** Numbers that tell what is usual: `$ms`, `$bytes`, and at most six numbers of the output by path (lists by length). */
  readonly measures?: Readonly<Record<string, number>>;
  /** The error's text with its particulars masked, by which failures of one kind are known again. */
  readonly signature?: ErrorSignature;
}

/** A kind of error: the masked text and its hash. */
export interface ErrorSignature {
  readonly id: string;
  readonly template: string;
}

/** A measure far from what this tool used to return: flagged, never a reason for a move. */
export interface Anomaly {
  readonly measure: string;
  readonly value: number;
  readonly median: number;
  /** Robust z-score: distance from the median in units of 1.4826 · the median absolute deviation. */
  readonly score: number;
}

export const NEXT_MOVES = ['continue', 'retry', 'alternative', 'repair', 'replan', 'ask', 'finish', 'give_up'] as const;
export type NextMove = (typeof NEXT_MOVES)[number];

/** What the observation means for the goal. */
export interface Analysis {
  readonly stepId: string;
  readonly next: NextMove;
  readonly reason: string;
  /** 0..1: share of the plan's steps that are done and of the success predicates that hold, never falling within a revision. */
  readonly progress: number;
  /** For `retry`: how long to wait first, milliseconds. */
  readonly retryAfterMs: number;
  readonly anomalies?: readonly Anomaly[];
  /** Lessons about errors of this signature that were weighed, and the move each stands for. */
  readonly lessons?: readonly {
    readonly id: string;
    readonly move: NextMove;
    readonly changed: boolean;
    readonly why: string;
  }[];
}

/** An analysis and the call it judges, as it is stored. */
export interface Judgement extends Analysis {
  readonly callNo: number;
}

/** What a tool reported, before it is judged. */
export interface ToolReport {
  readonly ok: boolean;
  readonly output: JsonObject | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly transient: boolean;
    readonly uncertain?: boolean;
    /** Where the cause lies, where the tool knows; absent: by its code (`blameOf`). */
    readonly blame?: Blame;
  } | null;
  readonly evidence: readonly Evidence[];
  readonly durationMs: number;
  /** Facts that a failed call found not to hold. */
  readonly denies?: readonly Fact[];
}
