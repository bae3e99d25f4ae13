/**
 * A planning domain and problem as written in HDDL (hierarchical) or PDDL (classical): lifted, checked, names in lower case, since
 * both languages do not tell upper from lower. Variables keep their `?`.
 */

/** Where something stands in its file; both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `?x`, or the name of a constant or object. */
export type Term = string;

/** A variable, constant or object with its types: one, or any of several (`either`). `object` when none was written. */
export interface Typed {
  readonly name: string;
  /** The name as its declaration spells it; absent where that is lower case, and for variables. */
  readonly written?: string;
  readonly types: readonly string[];
}

export interface Atom {
  readonly predicate: string;
  readonly args: readonly Term[];
}

export type Condition =
  | { readonly kind: 'true' }
  | { readonly kind: 'atom'; readonly atom: Atom }
  | { readonly kind: 'equal'; readonly left: Term; readonly right: Term }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'imply'; readonly if: Condition; readonly then: Condition }
  | { readonly kind: 'forall' | 'exists'; readonly vars: readonly Typed[]; readonly of: Condition };

/** A number, or the value of a function such as `(distance ?a ?b)`. */
export type NumericTerm = number | { readonly function: string; readonly args: readonly Term[] };

export type Effect =
  | { readonly kind: 'and'; readonly parts: readonly Effect[] }
  | { readonly kind: 'add' | 'delete'; readonly atom: Atom }
  | { readonly kind: 'forall'; readonly vars: readonly Typed[]; readonly of: Effect }
  | { readonly kind: 'when'; readonly if: Condition; readonly then: Effect }
  /** Only `(increase (total-cost) …)`. */
  | { readonly kind: 'cost'; readonly by: NumericTerm };

export interface Declared {
  readonly name: string;
  /** The name as its declaration spells it; absent where that is lower case. */
  readonly written?: string;
  readonly params: readonly Typed[];
  readonly at: Position;
}

/** A primitive task. */
export interface ActionDef extends Declared {
  readonly precondition: Condition;
  readonly effect: Effect;
}

/** One member of a task network. */
export interface Member {
  /** As written (`task0`), or made up where the members are unnamed. */
  readonly id: string;
  /** A compound task or an action. */
  readonly task: string;
  readonly args: readonly Term[];
  readonly at: Position;
}

export interface TaskNetwork {
  readonly members: readonly Member[];
  /** Pairs of member ids: the first comes before the second. Of ordered members: each and the next. */
  readonly ordering: readonly (readonly [string, string])[];
  /** `(= ?a ?b)` and `(not (= ?a ?b))` over its variables. */
  readonly constraints: Condition;
}

export interface MethodDef extends Declared {
  readonly task: { readonly name: string; readonly args: readonly Term[] };
  readonly precondition: Condition;
  readonly network: TaskNetwork;
}

/** `(:derived (p ?x) condition)`. */
export interface Axiom extends Declared {
  readonly condition: Condition;
}

export interface PddlDomain {
  readonly name: string;
  /** As written, with the colon: `:typing`, `:hierarchy`. */
  readonly requirements: readonly string[];
  /** Each type and those directly above it; `object` is above all. */
  readonly types: ReadonlyMap<string, readonly string[]>;
  readonly constants: readonly Typed[];
  readonly predicates: readonly Declared[];
  readonly functions: readonly Declared[];
  /** Compound tasks; empty in PDDL. */
  readonly tasks: readonly Declared[];
  readonly methods: readonly MethodDef[];
  readonly actions: readonly ActionDef[];
  readonly axioms: readonly Axiom[];
}

export interface PddlProblem {
  readonly name: string;
  /** As the problem names it; the domain itself may go by another name. */
  readonly domain: string;
  /** Constants of the domain are not repeated here. */
  readonly objects: readonly Typed[];
  readonly init: readonly Atom[];
  readonly values: readonly { readonly function: string; readonly args: readonly Term[]; readonly value: number }[];
  /** `true` when there is none. */
  readonly goal: Condition;
  /** The initial task network; null in PDDL. `params` are variables that the planner binds. */
  readonly network: (TaskNetwork & { readonly params: readonly Typed[] }) | null;
  /** Whether `(:metric minimize (total-cost))` asks for cheap plans; else every action costs 1. */
  readonly minimizesCost: boolean;
}

/** A ground action: `(drive truck1 a b)`. */
export interface GroundTask {
  readonly name: string;
  readonly args: readonly string[];
}

/** How one compound task of a plan was done. */
export interface Decomposition {
  /** Ids are those of the plan's lines, unique over actions and decompositions. */
  readonly id: number;
  readonly task: GroundTask;
  readonly method: string;
  /** Ids of the method's members in the order in which the method declares them. */
  readonly children: readonly number[];
}

/** A hierarchical plan: actions in the order of execution, and the tree that explains them. */
export interface HierarchicalPlan {
  readonly actions: readonly { readonly id: number; readonly task: GroundTask }[];
  /** Ids of the members of the initial network, in the order in which the problem declares them. */
  readonly roots: readonly number[];
  readonly decompositions: readonly Decomposition[];
}

/** A classical plan. */
export type ActionSequence = readonly GroundTask[];

export interface PlanningBudget {
  /** Search nodes at most. */
  readonly maxNodes: number;
  /** Asked now and then; true ends the search. The caller owns the clock. */
  readonly isOver: () => boolean;
}

export type PddlAnswer =
  | { readonly kind: 'hierarchical'; readonly plan: HierarchicalPlan; readonly nodes: number }
  | { readonly kind: 'classical'; readonly plan: ActionSequence; readonly nodes: number }
  /** Proved: the whole search space was seen, or the relaxed problem has no solution. */
  | { readonly kind: 'unsolvable'; readonly reason: string; readonly nodes: number }
  | { readonly kind: 'exhausted'; readonly nodes: number; readonly partial: ActionSequence };
