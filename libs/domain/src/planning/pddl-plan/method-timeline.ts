import { conditionText, predicatesOf } from './conditions';
import type { MethodUse } from './check-decomposition';
import { isPossible, whyNot } from './evaluate';
import { type PlanFinding, taskText } from './finding';
import { placeOf, type PlanNode, type PlanTree } from './plan-tree';
import type { World } from './world';

interface Moment {
  /** Parts that must be done, and the method above that must have begun, before this may begin. */
  waitsFor: number;
  /** Parts not done yet. */
  undone: number;
  hasBegun: boolean;
  isDone: boolean;
}

/**
 * Finds a moment for every method of a plan at which its precondition holds, while the actions are played. A method begins
 * after the method above it and after all parts that are ordered before it, and before its own first action: its
 * precondition counts as a first part of its own, as the competition's verifier has it. Each begins at the earliest moment
 * that fits, which leaves the most room to those after it.
 */
export class MethodTimeline {
  private readonly moments = new Map<PlanNode, Moment>();
  private readonly after = new Map<PlanNode, PlanNode[]>();
  private readonly before = new Map<PlanNode, PlanNode[]>();
  private readonly waiting = new Set<PlanNode>();
  private readonly waitingFor = new Map<string, Set<PlanNode>>();
  readonly findings: PlanFinding[] = [];

  /**
   * @param uses how each compound task was done
   * @param rootOrder pairs of roots, the first before the second
   */
  constructor(
    private readonly world: World,
    tree: PlanTree,
    private readonly uses: ReadonlyMap<PlanNode, MethodUse>,
    rootOrder: readonly (readonly [PlanNode, PlanNode])[],
  ) {
    for (const node of tree.nodes) {
      const waitsFor = node.parent ? 1 : 0;
      this.moments.set(node, { waitsFor, undone: node.children.length, hasBegun: false, isDone: false });
    }
    for (const [earlier, later] of [...rootOrder, ...[...uses.values()].flatMap(({ ordering }) => ordering)]) {
      push(this.after, earlier, later);
      push(this.before, later, earlier);
      this.momentOf(later).waitsFor += 1;
    }
    this.begin(tree.roots.filter((root) => this.momentOf(root).waitsFor === 0));
  }

  /** To be called before an action is played: methods above it that have not begun by now are found at fault. */
  beforeAction(action: PlanNode): void {
    while (this.momentOf(action).waitsFor > 0) {
      const late = this.blockersOf(action);
      if (late.length === 0) return;
      for (const node of late) {
        const before = node.first <= action.first ? `before ${action.id} ${taskText(action.task)}` : 'in time';
        this.fail(node, `does not hold ${before}`);
      }
    }
  }

  /** To be called after an action was played, with the predicates that it changed. */
  afterAction(action: PlanNode, changed: ReadonlySet<string>): void {
    const asked = new Set([...changed].flatMap((predicate) => [...(this.waitingFor.get(predicate) ?? [])]));
    for (const node of asked) if (this.waiting.has(node) && this.canBegin(node)) this.start(node);
    this.finish([action]);
  }

  /** To be called after the last action: what has not begun by now never does. */
  end(): void {
    while (this.waiting.size > 0) {
      for (const node of [...this.waiting]) this.fail(node, 'holds in no state in which the method could have begun');
    }
  }

  private momentOf(node: PlanNode): Moment {
    const moment = this.moments.get(node);
    if (!moment) throw new Error(`The node ${node.id} is not of this tree`);
    return moment;
  }

  private canBegin(node: PlanNode): boolean {
    const use = this.uses.get(node);
    return !use || isPossible(this.world, use.open, use.condition, use.binding);
  }

  /** Methods that nothing keeps from beginning begin if their precondition holds, else they wait. */
  private begin(free: readonly PlanNode[]): void {
    const open = [...free];
    for (let node = open.pop(); node; node = open.pop()) {
      if (!node.decomposition) continue; // an action is done when it is played
      if (this.canBegin(node)) open.push(...this.started(node));
      else this.wait(node);
    }
  }

  private wait(node: PlanNode): void {
    this.waiting.add(node);
    const { condition } = this.uses.get(node) ?? {};
    for (const { predicate } of condition ? predicatesOf(condition) : []) {
      const set = this.waitingFor.get(predicate) ?? new Set();
      this.waitingFor.set(predicate, set.add(node));
    }
  }

  private start(node: PlanNode): void {
    this.begin(this.started(node));
  }

  /** @returns what may begin now that this has begun */
  private started(node: PlanNode): PlanNode[] {
    this.waiting.delete(node);
    this.momentOf(node).hasBegun = true;
    const free = node.children.filter((child) => (this.momentOf(child).waitsFor -= 1) === 0);
    return node.children.length === 0 ? this.freedBy([node]) : free;
  }

  private finish(done: readonly PlanNode[]): void {
    this.begin(this.freedBy(done));
  }

  /** Marks nodes as done, and all above that are done with them. @returns what may begin now */
  private freedBy(done: readonly PlanNode[]): PlanNode[] {
    const free: PlanNode[] = [];
    const open = [...done];
    for (let node = open.pop(); node; node = open.pop()) {
      this.momentOf(node).isDone = true;
      for (const later of this.after.get(node) ?? []) if ((this.momentOf(later).waitsFor -= 1) === 0) free.push(later);
      if (node.parent && (this.momentOf(node.parent).undone -= 1) === 0) open.push(node.parent);
    }
    return free;
  }

  /** The waiting methods that keep an action from being played. */
  private blockersOf(action: PlanNode): PlanNode[] {
    const found: PlanNode[] = [];
    const seen = new Set<PlanNode>([action]);
    for (const node of seen) {
      if (this.waiting.has(node)) found.push(node);
      const moment = this.momentOf(node);
      const needs = moment.hasBegun && node !== action ? this.undoneBelow(node) : this.neededBy(node);
      needs.forEach((need) => seen.add(need)); // the loop goes on over what it adds
    }
    return found;
  }

  private undoneBelow({ children }: PlanNode): PlanNode[] {
    return children.filter((child) => child.decomposition && !this.momentOf(child).isDone);
  }

  private neededBy(node: PlanNode): PlanNode[] {
    const earlier = (this.before.get(node) ?? []).filter((one) => !this.momentOf(one).isDone);
    return node.parent && !this.momentOf(node.parent).hasBegun ? [...earlier, node.parent] : earlier;
  }

  /** Tells of a method whose precondition failed, and goes on as if it had held. */
  private fail(node: PlanNode, what: string): void {
    const use = this.uses.get(node);
    if (!use) return;
    const { open, condition, binding, method } = use;
    const why =
      open.length === 0
        ? whyNot(this.world, condition, binding)
        : `no ${open.map(({ name }) => name).join(', ')} makes ${conditionText(condition, binding)} true`;
    const message = `the precondition of method ${method} for ${taskText(node.task)} ${what}: ${why}`;
    this.findings.push({ code: 'plan.method_precondition', at: placeOf(node), message });
    this.start(node);
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
