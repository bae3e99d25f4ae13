import type { JsonObject } from '../json';
import type { Literal } from '../planning/pack';

/** The kinds of things that goals teach one another. */
export const LESSON_KINDS = [
  'tool_reliability',
  'method_preference',
  'macro',
  'search_guidance',
  'operator_repair',
  'error_recovery',
  'avoid_rule',
  'intent',
] as const;
export type LessonKind = (typeof LESSON_KINDS)[number];

/** candidate → shadow (recorded, changes nothing) → trial (a share of the goals) → active; retired from anywhere. */
export const LESSON_STATUSES = ['candidate', 'shadow', 'trial', 'active', 'retired'] as const;
export type LessonStatus = (typeof LESSON_STATUSES)[number];

/** How a tool did in one context: a decayed Beta posterior, and the moments of log milliseconds. */
export interface ToolReliability {
  readonly tool: string;
  /** Bucket of the call's context; empty for the tool as a whole. */
  readonly context: string;
  readonly successes: number;
  readonly failures: number;
  readonly meanLogMs: number;
  readonly varLogMs: number;
  readonly meanCostUsd: number;
}

/** Which method of a task led to verified goals, for goals of one feature bucket. */
export interface MethodPreference {
  readonly task: string;
  readonly bucket: string;
  readonly method: string;
  readonly successes: number;
  readonly failures: number;
}

/** A method induced from verified plans: operators in order, constants lifted to variables. */
export interface Macro {
  readonly task: string;
  readonly name: string;
  readonly params: readonly string[];
  readonly when: readonly Literal[];
  readonly steps: readonly { readonly operator: string; readonly args: JsonObject }[];
}

/** A model that orders the search of one planning domain; its weights are read by the guidance room alone. */
export interface SearchGuidance {
  readonly domain: string;
  readonly model: JsonObject;
}

/** A precondition that an operator seems to lack: a hypothesis, which costs p while it does not hold. */
export interface OperatorRepair {
  readonly operator: string;
  readonly missing: Literal;
  readonly heldInSuccesses: number;
  readonly lackedInFailures: number;
}

/** What worked after an error of one signature. */
export interface ErrorRecovery {
  /** Hash of the mined template of the error's text. */
  readonly signature: string;
  readonly template: string;
  readonly tool: string;
  readonly recovery: 'retry' | 'alternative' | 'repair' | 'replan' | 'ask' | 'give_up';
  readonly successes: number;
  readonly failures: number;
}

/** An action in a kind of state that only ever failed; `penalty` is taken off its score until it expires. */
export interface AvoidRule {
  readonly tool: string;
  readonly context: string;
  readonly facts: readonly Literal[];
  readonly failures: number;
  readonly penalty: number;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Words of verified goals and the task that they turned out to mean. */
export interface LearnedIntent {
  readonly task: string;
  /** Stems, sorted. */
  readonly stems: readonly string[];
  readonly goals: number;
}

export interface LessonBodies {
  readonly tool_reliability: ToolReliability;
  readonly method_preference: MethodPreference;
  readonly macro: Macro;
  readonly search_guidance: SearchGuidance;
  readonly operator_repair: OperatorRepair;
  readonly error_recovery: ErrorRecovery;
  readonly avoid_rule: AvoidRule;
  readonly intent: LearnedIntent;
}

/** One learned item. */
export type Lesson = {
  readonly [K in LessonKind]: {
    readonly id: string;
    readonly kind: K;
    readonly status: LessonStatus;
    readonly body: LessonBodies[K];
  };
}[LessonKind];

/** What learning contributes to one goal, fixed when the goal starts. */
export interface Learned {
  /** The immutable set that the goal pinned; null when nothing was learned yet. */
  readonly snapshotId: string | null;
  /** `off` goals use nothing that was learned: the control share, and tenants that switched learning off. */
  readonly arm: 'on' | 'off';
  /** Active lessons, and those on trial that this goal drew. */
  readonly lessons: readonly Lesson[];
}

/** The lessons of one kind. */
export function lessonsOf<K extends LessonKind>(learned: Learned | undefined, kind: K): Extract<Lesson, { kind: K }>[] {
  const lessons = learned?.lessons ?? [];
  return lessons.filter((lesson): lesson is Extract<Lesson, { kind: K }> => lesson.kind === kind);
}
