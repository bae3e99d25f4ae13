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
  'code',
  'number',
  'integer',
  'url',
  'date',
  'boolean',
  'conditions',
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
  /** Texts with a closed set of values: by value the wordings that name it in the words of a goal. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Columns and integers: where they stand among words besides the slots of phrasings, `*` for the value: `from * to *`. */
  readonly frames?: readonly string[];
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

/** A ground fact: predicate and arguments. */
export type Fact = Omit<Literal, 'not'>;

export interface TaskDef {
  readonly name: string;
  readonly summary: string;
  readonly params: readonly ParamDef[];
  /** Sample wordings with typed slots: `analyse {source} by {by}`. */
  readonly phrasings: readonly string[];
  readonly success: readonly SuccessPredicate[];
  /** Words one of which a request must have to be taken for this task without asking, unless an optional column is named. */
  readonly saidBy?: readonly string[];
  /** Facts that the task is to bring about, over its parameters: what the planner works towards when no method does the task. */
  readonly achieves?: readonly Literal[];
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
  /** Raises a goal of its own instead of naming a task: of any pack, with a plan, events and a budget of its own. */
  readonly goal?: { readonly task: string; readonly args: JsonObject };
  /** What such a goal may use up: `maxSteps`, `deadlineSeconds`; whole numbers or variables. The parent's own limits hold as well. */
  readonly budget?: JsonObject;
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

/** What must be seen in a tool's output for its success to be believed; one false check makes it a silent failure. */
export interface ResultCheck {
  /** Dotted path into the output; empty for all of it. */
  readonly path: string;
  /** The value that must stand there; without it, any value but null will do. Templates of the operator's parameters. */
  readonly equals?: Json;
  readonly summary?: string;
  /** What is known of the world when the check fails: facts that hold then, or with `not` no longer hold. */
  readonly otherwise?: readonly Literal[];
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
  /** What it counts where a plan is searched without methods, ≥ 0; 1 when absent. */
  readonly cost?: number;
  /** Post-conditions, besides those of the tool itself. */
  readonly checks?: readonly ResultCheck[];
}

/** A fact that follows from others: it holds whenever all of the conditions of some axiom for it do. Methods may ask for it. */
export interface AxiomDef {
  readonly fact: Fact;
  readonly when: readonly Literal[];
}

/** The HDDL or PDDL domain that a pack is planned by; its `tasks` and `operators` are read from it and from its bindings. */
export interface PddlSource {
  /** The text of the domain. */
  readonly domain: string;
  /** What every problem of the pack has: `(:objects …)` and `(:init …)` as parts of a problem. */
  readonly world: PddlWorld;
  /** What must hold at the end, by the domain's name of the task: facts over `$parameters`. */
  readonly goals: Readonly<Record<string, readonly Json[]>>;
}

/** A part of a problem in JSON: lists are the lists of the language, `["at", "truck1", "depot"]`. */
export interface PddlWorld {
  /** Type by name. */
  readonly objects: Readonly<Record<string, string>>;
  readonly init: readonly Json[];
}

/** A domain pack: what can be asked, how it decomposes, which tools do it. */
export interface DomainPack {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly tasks: readonly TaskDef[];
  readonly methods: readonly MethodDef[];
  readonly operators: readonly OperatorDef[];
  readonly axioms?: readonly AxiomDef[];
  /** Present in packs made from a planning domain. */
  readonly pddl?: PddlSource;
}
