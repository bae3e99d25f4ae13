import type { GroundProblem } from './ground-problem';
import type { Meter } from './meter';
import type { Stack, Trace } from './network';
import { EMPTY_DIGEST, Networks, taskEstimates } from './network';
import type { RelaxedPlan } from './relaxed-plan';
import type { State } from './state';
import { holds, joinDigests, StateSpace } from './state';

/** A search node: a state, the tasks still open in it, and how it came about. */
export interface Node<Open> {
  readonly state: State;
  readonly open: Open;
  readonly trace: Trace | null;
  /** Digest of state and network. */
  readonly key: number;
  /** Least number of steps left when preconditions are ignored. */
  readonly estimate: number;
  readonly size: number;
  readonly solved: boolean;
  /** The method (of the first task) or the operator that was chosen to come here; −1 where neither was. */
  readonly choice: number;
  /** What the choices on the way here count for beyond their steps. */
  readonly penalty: number;
}

/** What the searches need to know about a kind of task network. */
export interface Progression<Open> {
  /** Null when the initial network cannot be started. */
  readonly start: () => Node<Open> | null;
  /** Successors in the order in which the domain declares methods. */
  readonly expand: (node: Node<Open>) => Node<Open>[];
  /** Open tasks in order, with repetitions. */
  readonly tasksOf: (node: Node<Open>) => number[];
  /** Choices in a node that the last relaxed plan uses. */
  readonly choicesOf: (node: Node<Open>, plan: RelaxedPlan) => number[];
  readonly estimates: Float64Array;
}

interface Position {
  readonly state: State;
  readonly stack: Stack | null;
  readonly trace: Trace | null;
  readonly penalty: number;
}

/** Forced steps after which a node is made all the same, so that endless forced recursion is seen by the search. */
const MAX_FORCED_STEPS = 400;

/**
 * Progression of totally ordered networks: always the first open task. Steps without a choice (actions, tasks with one applicable
 * method) are taken at once, so that nodes are real decisions.
 */
export class TotalOrderProgression implements Progression<Stack | null> {
  readonly estimates: Float64Array;
  private readonly networks: Networks;
  private readonly space: StateSpace;

  constructor(
    private readonly problem: GroundProblem,
    private readonly meter: Meter,
    private readonly isCostly = false,
  ) {
    this.estimates = taskEstimates(problem);
    this.networks = new Networks(this.estimates);
    this.space = new StateSpace(problem);
  }

  start(): Node<Stack | null> | null {
    return this.advance(
      { state: this.space.initial, stack: this.networks.push(this.problem.root, 0, null), trace: null, penalty: 0 },
      -1,
    );
  }

  expand(node: Node<Stack | null>): Node<Stack | null>[] {
    const { state, open, trace } = node;
    if (!open) return [];
    return this.applicableMethods(state, open.task).flatMap((method) => {
      const after = this.decompose(method, open, trace);
      const penalty = node.penalty + (this.problem.methods[method]?.penalty ?? 0);
      return this.advance({ state, stack: after.stack, trace: after.trace, penalty }, method) ?? [];
    });
  }

  tasksOf({ open }: Node<Stack | null>): number[] {
    const tasks: number[] = [];
    for (let cell = open; cell; cell = cell.next) tasks.push(cell.task);
    return tasks;
  }

  choicesOf({ open }: Node<Stack | null>, plan: RelaxedPlan): number[] {
    return (open ? (this.problem.methodsOf[open.task] ?? []) : []).filter((method) => plan.usesMethod(method));
  }

  private advance(from: Position, choice: number): Node<Stack | null> | null {
    let { state, stack: open, trace, penalty } = from;
    for (let forced = 0; open;) {
      this.meter.spend(2);
      if (this.problem.tasks[open.task]?.primitive) {
        const operator = this.applicableOperator(state, open.task);
        if (operator < 0) return null;
        const found = this.problem.operators[operator];
        if (found) state = this.space.apply(state, found);
        if (this.isCostly) penalty += found?.cost ?? 0;
        this.meter.spend(1 + state.words.length / 16);
        trace = { before: trace, uid: open.uid, task: open.task, method: -1, children: NO_CHILDREN };
        open = open.next;
        continue;
      }
      const methods = this.applicableMethods(state, open.task);
      if (methods.length === 0) return null;
      if (methods.length > 1 || (forced += 1) > MAX_FORCED_STEPS) break;
      ({ stack: open, trace } = this.decompose(methods[0] ?? 0, open, trace));
    }
    const solved = !open && holds(state.words, this.problem.goal);
    if (!open && !solved) return null;
    const key = joinDigests(state.digest, open?.digest ?? EMPTY_DIGEST);
    return { state, open, trace, key, estimate: open?.estimate ?? 0, size: open?.length ?? 0, solved, choice, penalty };
  }

  private decompose(index: number, open: Stack, before: Trace | null): { stack: Stack | null; trace: Trace } {
    const method = this.problem.methods[index];
    if (!method) throw new Error(`Method ${index} is not part of the problem`);
    const { stack, children } = this.networks.decompose(method, open.next);
    return { stack, trace: { before, uid: open.uid, task: open.task, method: index, children } };
  }

  /** Methods whose condition holds and whose first member, if it is an action, can be executed. */
  private applicableMethods(state: State, task: number): number[] {
    const all = this.problem.methodsOf[task] ?? [];
    this.meter.spend(1 + all.length / 10);
    return all.filter((index) => {
      const method = this.problem.methods[index];
      if (!method || !holds(state.words, method.condition)) return false;
      const first = method.members[method.sequence?.[0] ?? -1];
      if (first === undefined || !this.problem.tasks[first]?.primitive) return true;
      return this.applicableOperator(state, first) >= 0;
    });
  }

  private applicableOperator(state: State, task: number): number {
    for (const index of this.problem.operatorsOf[task] ?? []) {
      if (holds(state.words, this.problem.operators[index]?.condition ?? [])) return index;
    }
    return -1;
  }
}

const NO_CHILDREN: readonly number[] = [];
