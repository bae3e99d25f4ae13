import type { JsonObject } from '../json';
import type { TaskRequest } from '../goals/goal';
import type { Blame } from '../observation/blame';
import type { Fact, Literal, MethodDef, ResultCheck, SuccessPredicate, ToolBinding } from './pack';

export type { Fact } from './pack';

/** A leaf of the plan, to be done by one action. */
export interface PlanStep {
  /** Stable over revisions: the lineage and the occurrence, e.g. `data.report:full/profile#0`. */
  readonly id: string;
  /** Short name for people, unique in the plan: `profile`, `call-3`. */
  readonly label: string;
  readonly summary: string;
  readonly operator: string;
  /** Path of methods and members from the root task; the same node in another revision has the same lineage. */
  readonly lineage: string;
  /** Which repetition of that node this is, from 0. */
  readonly occurrence: number;
  readonly args: JsonObject;
  /** Alternatives for selection, arguments ground except `{"$from": {"step": id, "path": "a.b"}}` references. */
  readonly tools: readonly ToolBinding[];
  /** Ids of the steps that must have succeeded before. */
  readonly after: readonly string[];
  readonly when: readonly Literal[];
  readonly adds: readonly Fact[];
  readonly deletes: readonly Fact[];
  /** Post-conditions on what the tool returns, ground. */
  readonly checks?: readonly ResultCheck[];
}

/** Which step gives which fact to whom. `from` is null for facts of the initial state. */
export interface CausalLink {
  readonly from: string | null;
  readonly to: string;
  readonly fact: Fact;
}

/** A decision of the planner: which method did a compound task, and which others could have. */
export interface MethodChoice {
  readonly lineage: string;
  readonly task: string;
  readonly method: string;
  readonly alternatives: readonly string[];
  /** Values of the method's own variables (those that its conditions bound, not its task's parameters). */
  readonly bindings?: JsonObject;
  /** Objects that a compound task of a planning domain is about, in the order of its parameters. */
  readonly objects?: readonly string[];
}

/** What a repaired plan must not do again; grows from revision to revision. */
export interface Avoidance {
  /** Method choices that led to a failure: lineage, method and the method's own bindings. */
  readonly choices: readonly Pick<MethodChoice, 'lineage' | 'method' | 'bindings'>[];
  /** Operators with arguments, in the state in which they failed for good. */
  readonly actions: readonly { readonly operator: string; readonly args: JsonObject; readonly state: string }[];
  /** `failed [operator, code]`: what the failures taught; method conditions may ask for it. */
  readonly facts: readonly Fact[];
  /** Ids of steps that succeeded or failed in earlier revisions and left the plan; never given to another step. */
  readonly retired: readonly string[];
  /** Steps that were done again because what they had given was lost, with what: for the same loss each is done again once. */
  readonly redone?: readonly { readonly stepId: string; readonly key: string }[];
  /** What the world turned out to be, against what the steps done by then promise; oldest first. */
  readonly surprises?: readonly Surprise[];
}

/** Facts that observation found against the plan, after exactly these steps had succeeded. */
export interface Surprise {
  readonly after: readonly string[];
  readonly adds: readonly Fact[];
  readonly deletes: readonly Fact[];
}

/** A lesson that had a say in a plan, and what it did. */
export interface PlanLesson {
  readonly id: string;
  readonly kind: 'method_preference' | 'macro' | 'operator_repair' | 'search_guidance';
  readonly change: string;
}

export interface Plan {
  /** 1, 2, … */
  readonly revision: number;
  readonly task: TaskRequest;
  readonly pack: {
    readonly name: string;
    readonly version: string;
    /** Content of the pack, so that a repair finds the same. */ readonly digest?: string;
  };
  readonly steps: readonly PlanStep[];
  readonly links: readonly CausalLink[];
  readonly choices: readonly MethodChoice[];
  readonly success: readonly SuccessPredicate[];
  /** Why this revision exists: `first plan`, or what it repairs. */
  readonly reason: string;
  /** Absent in a first plan. */
  readonly avoids?: Avoidance;
  /** Lessons that took part; absent when none did. */
  readonly lessons?: readonly PlanLesson[];
  /** Methods that the plan uses and the pack does not have: of a lesson, or found for a task that no method does. */
  readonly ownMethods?: readonly MethodDef[];
}

/** What repair must work around: a step that failed for good, with the method nodes above it. */
export interface PlanFault {
  readonly stepId: string;
  readonly code: string;
  readonly message: string;
  /** Where the cause lies, where the tool said so; absent: by its code. */
  readonly blame?: Blame;
  /** Facts that a finished step gave, and that observation found not to hold: what the step cannot do without. */
  readonly contradicts?: readonly Fact[];
}
