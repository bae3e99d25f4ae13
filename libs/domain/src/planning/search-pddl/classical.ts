import type { GroundProblem } from './ground-problem';
import type { Meter } from './meter';
import type { Trace } from './network';
import { EMPTY_DIGEST } from './network';
import type { Node, Progression } from './progression';
import type { RelaxedPlan } from './relaxed-plan';
import type { State } from './state';
import { holds, joinDigests, StateSpace } from './state';

/** Forward search without tasks: every applicable action is a choice. The estimate counts goal facts that do not hold. */
export class ClassicalProgression implements Progression<null> {
  readonly estimates: Float64Array;
  private readonly space: StateSpace;
  private readonly operators: readonly number[];

  constructor(
    private readonly problem: GroundProblem,
    private readonly meter: Meter,
    private readonly isCostly = false,
  ) {
    this.space = new StateSpace(problem);
    this.operators = problem.operatorsOf.flat();
    this.estimates = new Float64Array(problem.tasks.length);
  }

  start(): Node<null> {
    return this.node(this.space.initial, null, { size: 0, choice: -1, penalty: 0 });
  }

  expand(node: Node<null>): Node<null>[] {
    this.meter.spend(this.operators.length / 20);
    const children: Node<null>[] = [];
    for (const index of this.operators) {
      const operator = this.problem.operators[index];
      if (!operator || !holds(node.state.words, operator.condition)) continue;
      const state = this.space.apply(node.state, operator);
      this.meter.spend(3 + state.words.length / 16);
      if (state === node.state) continue;
      const trace = { before: node.trace, uid: 0, task: operator.task, method: -1, children: [] };
      const penalty = this.isCostly ? node.penalty + operator.cost : 0;
      children.push(this.node(state, trace, { size: node.size + 1, choice: index, penalty }));
    }
    return children;
  }

  tasksOf(): number[] {
    return [];
  }

  choicesOf(_node: Node<null>, plan: RelaxedPlan): number[] {
    return this.operators.filter((operator) => plan.usesOperator(operator));
  }

  private node(state: State, trace: Trace | null, at: Pick<Node<null>, 'size' | 'choice' | 'penalty'>): Node<null> {
    const missing = this.problem.goal.filter((fact) => !holds(state.words, [fact])).length;
    const key = joinDigests(state.digest, EMPTY_DIGEST);
    return { state, open: null, trace, key, estimate: missing, ...at, solved: missing === 0 };
  }
}
