/** Ground problem over numbered facts. Conditions are lists of facts that must be true; negation has facts of its own. */

export interface GroundEffect {
  /** Facts that must hold before the action for this effect to happen. */
  readonly condition: readonly number[];
  readonly adds: readonly number[];
  readonly deletes: readonly number[];
}

/** One way to execute a primitive task: an action whose precondition is a disjunction has several. */
export interface Operator {
  readonly task: number;
  readonly condition: readonly number[];
  readonly effects: readonly GroundEffect[];
  readonly cost: number;
}

export interface GroundMethod {
  readonly task: number;
  /** Null for the initial network. */
  readonly name: string;
  readonly condition: readonly number[];
  /** Tasks in the order of declaration. */
  readonly members: readonly number[];
  /** Pairs of positions: the first comes before the second. */
  readonly ordering: readonly (readonly [number, number])[];
  /** Positions in order of execution; null when the order is partial. */
  readonly sequence: readonly number[] | null;
  /** One order that the network allows. */
  readonly linear: readonly number[];
  /** Steps that choosing it counts for beyond those of its members: what goals before taught; 0 where nothing is known. */
  readonly penalty: number;
}

export interface GroundAxiom {
  readonly head: number;
  readonly body: readonly number[];
  readonly stratum: number;
}

export interface TaskInstance {
  readonly name: string;
  readonly args: readonly number[];
  readonly primitive: boolean;
}

export interface GroundProblem {
  readonly factCount: number;
  /** What each fact says; facts made up for conditions have no predicate, negations name the fact they are `of` (else −1). */
  readonly facts: readonly { readonly predicate: string; readonly args: readonly number[]; readonly of: number }[];
  /** For each fact the fact that stands for its negation, or −1. */
  readonly negationOf: Int32Array;
  readonly init: readonly number[];
  readonly goal: readonly number[];
  readonly axioms: readonly GroundAxiom[];
  /** Facts that axioms decide. */
  readonly derived: ReadonlyMap<number, number>;
  readonly tasks: readonly TaskInstance[];
  readonly operators: readonly Operator[];
  readonly methods: readonly GroundMethod[];
  readonly operatorsOf: readonly (readonly number[])[];
  readonly methodsOf: readonly (readonly number[])[];
  /** The artificial task above the initial network; −1 in classical problems. */
  readonly root: number;
}
