import type { Json, JsonObject } from '../json';

/** Argument types that typed extractors find in words and the validator checks. */
export const PARAM_TYPES = [
  'source',
  'sources',
  'question',
  'duration',
  'language',
  'format',
  'column',
  'text',
  'number',
  'integer',
  'url',
  'date',
  'boolean',
  'list',
  'any',
] as const;
export type ParamType = (typeof PARAM_TYPES)[number];

export interface ParamDef {
  readonly name: string;
  readonly type: ParamType;
  readonly required?: boolean;
  readonly default?: Json;
  readonly summary?: string;
  /** Sources: the endings that such files usually have, without the dot; none for folders. They help to tell tasks apart. */
  readonly endings?: readonly string[];
}

/**
 * A fact or a question about facts: predicate and arguments; `$name` is a variable. `not` denies it
 * (closed world: what is not known to hold does not hold).
 */
export interface Literal {
  readonly predicate: string;
  readonly args: readonly Json[];
  readonly not?: boolean;
}

/** What must hold for the goal to have succeeded; checked by the verifier of that name, never by the planner. */
export interface SuccessPredicate {
  readonly name: string;
  readonly summary: string;
  readonly args: JsonObject;
}

export interface TaskDef {
  readonly name: string;
  readonly summary: string;
  readonly params: readonly ParamDef[];
  /** Sample wordings with typed slots: `analyse {source} by {by}`. */
  readonly phrasings: readonly string[];
  readonly success: readonly SuccessPredicate[];
}

/** One member of a method's network. */
export interface Subtask {
  /** Unique in its method; other members' `after` and `{{steps.ID.…}}` refer to it. */
  readonly id: string;
  readonly task: string;
  readonly args: JsonObject;
  readonly after?: readonly string[];
  /** Does the member `count` times in a row, `$as` bound to 0, 1, …; each is an occurrence of its own. */
  readonly repeat?: { readonly count: Json; readonly as: string; readonly parallel?: boolean };
}

export interface MethodDef {
  readonly name: string;
  readonly task: string;
  readonly summary: string;
  readonly when: readonly Literal[];
  readonly subtasks: readonly Subtask[];
  /** Lower is tried first; learned preference reorders equals. Unit: expected seconds of work. */
  readonly cost: number;
}

/** A tool that can do an operator, with the arguments it takes for it. Several bindings are alternatives for selection. */
export interface ToolBinding {
  readonly tool: string;
  readonly args: JsonObject;
}

/** A leaf task: done by one call of one tool. */
export interface OperatorDef {
  readonly name: string;
  readonly summary: string;
  readonly params: readonly ParamDef[];
  readonly when: readonly Literal[];
  readonly adds: readonly Literal[];
  readonly deletes: readonly Literal[];
  readonly tools: readonly ToolBinding[];
}

/** A domain pack: what can be asked, how it decomposes, which tools do it. */
export interface DomainPack {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly tasks: readonly TaskDef[];
  readonly methods: readonly MethodDef[];
  readonly operators: readonly OperatorDef[];
}
