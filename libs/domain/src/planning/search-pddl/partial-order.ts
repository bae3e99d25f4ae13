import type { GroundMethod, GroundProblem } from './ground-problem';
import type { Meter } from './meter';
import type { OpenTask, Trace } from './network';
import { Networks, taskEstimates } from './network';
import type { Node, Progression } from './progression';
import type { RelaxedPlan } from './relaxed-plan';
import type { Digest, State } from './state';
import { holds, joinDigests, scatter, StateSpace } from './state';

/** An open task of a partially ordered network and the occurrences that must be finished before it. */
interface Pending extends OpenTask {
  readonly blockers: readonly number[];
  /** The decomposition it came from; later ones have larger numbers. */
  readonly batch: number;
}

export type PartialNetwork = readonly Pending[];

/**
 * Progression of partially ordered networks: any task without open predecessors may be next. A method's condition is tested when
 * its task is decomposed, which is when all before it is done; a task that can be decomposed without a condition is taken alone,
 * since its moment makes no difference.
 *
 * @see Höller, Behnke, Bercher and Biundo, HTN planning as heuristic progression search, JAIR 67 (2020)
 */
export class PartialOrderProgression implements Progression<PartialNetwork> {
  readonly estimates: Float64Array;
  /** Finishes what was begun last before anything else: fewer interleavings, but not all, so some plans are missed. */
  private readonly isFocused: boolean;
  /** Whether the penalty of nodes is what their actions cost. */
  private readonly isCostly: boolean;
  private readonly networks: Networks;
  private readonly space: StateSpace;

  constructor(
    private readonly problem: GroundProblem,
    private readonly meter: Meter,
    { isFocused = false, isCostly = false } = {},
  ) {
    this.isFocused = isFocused;
    this.isCostly = isCostly;
    this.estimates = taskEstimates(problem);
    this.networks = new Networks(this.estimates);
    this.space = new StateSpace(problem);
  }

  start(): Node<PartialNetwork> | null {
    const root = { task: this.problem.root, uid: 0, blockers: [], batch: 0 };
    return this.node(this.space.initial, [root], { trace: null, choice: -1, penalty: 0 });
  }

  expand(node: Node<PartialNetwork>): Node<PartialNetwork>[] {
    const ready = node.open.filter(({ blockers }) => blockers.length === 0);
    if (this.isFocused) {
      const latest = ready.reduce((most, { batch }) => Math.max(most, batch), -1);
      return ready.flatMap((open) => (open.batch === latest ? this.progress(node, open) : []));
    }
    const timeless = ready.find(({ task }) => this.isTimeless(task));
    return (timeless ? [timeless] : ready).flatMap((open) => this.progress(node, open));
  }

  tasksOf({ open }: Node<PartialNetwork>): number[] {
    return open.map(({ task }) => task);
  }

  choicesOf({ open }: Node<PartialNetwork>, plan: RelaxedPlan): number[] {
    const { operatorsOf, methodsOf } = this.problem;
    return open.flatMap(({ task, blockers }) => {
      if (blockers.length > 0) return [];
      const operators = (operatorsOf[task] ?? []).filter((operator) => plan.usesOperator(operator));
      const methods = (methodsOf[task] ?? []).filter((method) => plan.usesMethod(method));
      return [...methods, ...operators.map((operator) => this.choiceOf(operator))];
    });
  }

  /** Number of an operator as a choice: behind those of the methods. */
  private choiceOf(operator: number): number {
    return this.problem.methods.length + operator;
  }

  private isTimeless(task: number): boolean {
    if (this.problem.tasks[task]?.primitive) return false;
    return (this.problem.methodsOf[task] ?? []).every((index) => {
      const method = this.problem.methods[index];
      return method?.condition.length === 0 && method.members.length > 0;
    });
  }

  private progress(
    { state, open, trace, penalty }: Node<PartialNetwork>,
    { task, uid }: Pending,
  ): Node<PartialNetwork>[] {
    this.meter.spend(2 * open.length + 8);
    const { operatorsOf, operators, methodsOf, methods, tasks } = this.problem;
    if (tasks[task]?.primitive) {
      const index = (operatorsOf[task] ?? []).find((one) => holds(state.words, operators[one]?.condition ?? []));
      const operator = operators[index ?? -1];
      if (!operator) return [];
      this.meter.spend(1 + state.words.length / 16);
      const after = this.space.apply(state, operator);
      const done = { before: trace, uid, task, method: -1, children: [] };
      const next = this.node(after, replace(open, uid, []), {
        trace: done,
        choice: this.choiceOf(index ?? -1),
        penalty: penalty + (this.isCostly ? operator.cost : 0),
      });
      return next ? [next] : [];
    }
    return (methodsOf[task] ?? []).flatMap((index) => {
      const method = methods[index];
      if (!method || !holds(state.words, method.condition)) return [];
      const { added, children } = this.instantiate(method);
      const done = { before: trace, uid, task, method: index, children };
      return (
        this.node(state, replace(open, uid, added), {
          trace: done,
          choice: index,
          penalty: penalty + method.penalty,
        }) ?? []
      );
    });
  }

  private instantiate({ members, ordering }: GroundMethod): { added: Pending[]; children: number[] } {
    const children = members.map(() => this.networks.newUid());
    const added = members.map((task, position) => {
      const blockers = ordering.filter(([, after]) => after === position).map(([before]) => children[before] ?? -1);
      return { task, uid: children[position] ?? -1, blockers, batch: children[0] ?? 0 };
    });
    return { added, children };
  }

  private node(
    state: State,
    open: PartialNetwork,
    came: { trace: Trace | null; choice: number; penalty: number },
  ): Node<PartialNetwork> | null {
    const solved = open.length === 0 && holds(state.words, this.problem.goal);
    if (open.length === 0 && !solved) return null;
    const estimate = open.reduce((sum, { task }) => sum + (this.estimates[task] ?? 0), 0);
    const key = joinDigests(state.digest, digestOf(open));
    return { state, open, ...came, key, estimate, size: open.length, solved };
  }
}

/** Takes out one task; what waited for it now waits for what replaced it, if anything did. */
function replace(open: PartialNetwork, uid: number, added: readonly Pending[]): PartialNetwork {
  const successors = added.map((pending) => pending.uid);
  return open.flatMap((pending) => {
    if (pending.uid === uid) return added;
    if (!pending.blockers.includes(uid)) return pending;
    return { ...pending, blockers: [...pending.blockers.filter((blocker) => blocker !== uid), ...successors] };
  });
}

/** Digest of a network up to the numbering of its occurrences: each by its task and its place in the list, which order keeps. */
function digestOf(open: PartialNetwork): Digest {
  const places = new Map(open.map(({ uid }, place) => [uid, place]));
  let high = 1;
  let low = 2;
  for (const { task, blockers } of open) {
    high = scatter(Math.imul(high, 31) + task);
    low = scatter(Math.imul(low, 37) + scatter(task));
    for (const place of blockers.map((blocker) => places.get(blocker) ?? -1).toSorted((a, b) => a - b)) {
      high = scatter(Math.imul(high, 41) + place + 7);
      low = scatter(Math.imul(low, 43) + place + 11);
    }
  }
  return { high, low };
}
