import type { JsonObject } from '../json';
import type { TaskRequest } from '../goals/goal';
import type { Literal, SuccessPredicate, ToolBinding } from './pack';

/** A ground fact: predicate and arguments. */
export type Fact = Omit<Literal, 'not'>;

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
}

export interface Plan {
  /** 1, 2, … */
  readonly revision: number;
  readonly task: TaskRequest;
  readonly pack: { readonly name: string; readonly version: string };
  readonly steps: readonly PlanStep[];
  readonly links: readonly CausalLink[];
  readonly choices: readonly MethodChoice[];
  readonly success: readonly SuccessPredicate[];
  /** Why this revision exists: `first plan`, or what it repairs. */
  readonly reason: string;
}

/** What repair must work around: a step that failed for good, with the method nodes above it. */
export interface PlanFault {
  readonly stepId: string;
  readonly code: string;
  readonly message: string;
}
