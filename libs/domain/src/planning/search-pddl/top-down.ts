import { type Components, componentsOf } from './components';
import type { GroundProblem } from './ground-problem';

/** A set of operators, one bit each. */
export type OperatorSet = Uint32Array;

/** Sets are forgotten when together they hold more words than this. */
const MAX_WORDS = 16_000_000;
/** Sets of components with so many tasks are kept at once: many others lead into them. */
const LARGE = 8;

/**
 * Operators that open tasks can still be refined to. One outside this set can never be executed again, however the network is
 * refined.
 *
 * @see Höller, Behnke, Bercher and Biundo, HTN planning as heuristic progression search, JAIR 67 (2020), §5 (top-down reachability)
 */
export class TopDown {
  private readonly words: number;
  private readonly components: Components;
  private readonly seen: Uint32Array;
  /** By component. */
  private sets = new Map<number, OperatorSet>();
  private round = 0;

  constructor(private readonly problem: GroundProblem) {
    const { tasks, methodsOf, methods, operators } = problem;
    this.words = (operators.length + 31) >>> 5;
    this.components = componentsOf(tasks.length, (task) =>
      (methodsOf[task] ?? []).flatMap((method) => methods[method]?.members ?? []),
    );
    this.seen = new Uint32Array(tasks.length);
  }

  /** Elementary work of one call of {@link below} at most, for some number of tasks. */
  work(tasks: number): number {
    return (tasks * this.words) / 400;
  }

  /** The operators below some tasks. The result must not be changed. */
  below(tasks: readonly number[]): OperatorSet {
    const [first] = tasks;
    if (first === undefined) return new Uint32Array(this.words);
    const components = new Set(tasks.map((task) => this.components.of[task] ?? 0));
    if (components.size === 1) return this.of(first);
    const all = new Uint32Array(this.words);
    for (const task of tasks) if (components.delete(this.components.of[task] ?? 0)) this.unite(all, this.of(task));
    return all;
  }

  private of(task: number): OperatorSet {
    const component = this.components.of[task] ?? 0;
    const known = this.sets.get(component);
    if (known) return known;
    if (this.sets.size * this.words > MAX_WORDS) this.sets = new Map();
    const made = this.collect(task);
    this.sets.set(component, made);
    return made;
  }

  private unite(into: OperatorSet, more: OperatorSet): void {
    for (let word = 0; word < this.words; word += 1) into[word] = (into[word] ?? 0) | (more[word] ?? 0);
  }

  /** Walks down from a task; where a large component begins, its set is taken as a whole. */
  private collect(from: number): OperatorSet {
    const { of, sizes } = this.components;
    const found = new Uint32Array(this.words);
    const round = (this.round += 1);
    const taken = new Set<number>();
    const queue = [from];
    this.seen[from] = round;
    for (let task = queue.pop(); task !== undefined; task = queue.pop()) {
      const component = of[task] ?? 0;
      if (component !== of[from] && (sizes[component] ?? 0) >= LARGE) {
        if (taken.has(component)) continue;
        taken.add(component);
        const inner = this.of(task);
        this.unite(found, inner);
        continue;
      }
      for (const operator of this.problem.operatorsOf[task] ?? []) {
        found[operator >>> 5] = (found[operator >>> 5] ?? 0) | (1 << (operator & 31));
      }
      for (const method of this.problem.methodsOf[task] ?? []) {
        for (const member of this.problem.methods[method]?.members ?? []) {
          if (this.seen[member] === round) continue;
          this.seen[member] = round;
          queue.push(member);
        }
      }
    }
    return found;
  }
}
