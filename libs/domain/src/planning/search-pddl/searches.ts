import type { Meter } from './meter';
import { PriorityQueue } from './priority-queue';
import type { Node, Progression } from './progression';
import type { RelaxedPlan } from './relaxed-plan';
import { SeenKeys } from './seen-keys';
import type { TopDown } from './top-down';

/** A search that can be run a step at a time. */
export interface Search<Open> {
  /** One expansion. `empty`: the whole space was seen without a solution. */
  step(): Node<Open> | 'going' | 'empty';
  /** The most promising node so far. */
  readonly best: Node<Open>;
}

/** A node's value, lower is better, −1: hopeless; and the choices in it that the heuristic recommends. */
export interface Valuation {
  readonly value: number;
  readonly helpful: ReadonlySet<number>;
}

interface Entry<Open> {
  readonly node: Node<Open>;
  /** Null while only the value of its parent is known. */
  readonly valuation: Valuation | null;
  readonly priority: number;
}

/**
 * Greedy best-first search with duplicate detection. Few successors are valued when they are generated; many are put in the queue
 * with the value of their parent, recommended ones first, and valued when their turn comes (deferred evaluation).
 *
 * @see Richter and Helmert, Preferred operators and deferred evaluation in satisficing planning, ICAPS 2009
 */
export class BestFirst<Open> implements Search<Open> {
  best: Node<Open>;
  /** Nodes taken from the queue so far. */
  taken = 0;
  /** Told of every node that is expanded. */
  onExpand: ((node: Node<Open>, children: readonly Node<Open>[]) => void) | null = null;
  private bound = Infinity;
  private readonly queue = new PriorityQueue<Entry<Open>>();
  /** Least penalties at which nodes were met, where cheaper ways to them matter. */
  private cheapest: Map<number, number> | null = null;
  private readonly seen = new SeenKeys();
  private bestValue = Infinity;

  constructor(
    private readonly progression: Progression<Open>,
    private readonly meter: Meter,
    private readonly evaluate: (node: Node<Open>) => Valuation,
    start: Node<Open>,
  ) {
    this.best = start;
    this.seen.add(start.key);
    this.push(start, this.evaluate(start));
  }

  /** From now on nodes whose penalty has come so far are not followed, and those met again at a smaller one are. */
  below(bound: number): void {
    this.bound = bound;
    this.cheapest ??= new Map();
  }

  private isNew({ key, penalty }: Node<Open>): boolean {
    if (!this.cheapest) return this.seen.add(key);
    if (penalty >= (this.cheapest.get(key) ?? Infinity)) return false;
    this.cheapest.set(key, penalty);
    return true;
  }

  step(): Node<Open> | 'going' | 'empty' {
    const entry = this.queue.pop();
    if (!entry) return 'empty';
    const { node, priority } = entry;
    this.taken += 1;
    if (node.penalty >= this.bound) return 'going';
    const valuation = entry.valuation ?? this.evaluate(node);
    if (!entry.valuation) this.meter.node();
    if (valuation.value < 0) return 'going';
    if (valuation.value + node.penalty > priority) {
      this.push(node, valuation);
      return 'going';
    }
    this.remember(node, valuation);
    return this.expand(node, valuation);
  }

  private expand(node: Node<Open>, valuation: Valuation): Node<Open> | 'going' {
    this.meter.node();
    const children = this.progression.expand(node);
    this.onExpand?.(node, children);
    const solved = children.filter((child) => child.solved);
    const isDeferred = children.length > MAX_EAGER || solved.length > 0;
    for (let i = children.length - 1; i >= 0; i -= 1) {
      const child = children[i];
      if (!child || child.solved || !this.isNew(child)) continue;
      if (!isDeferred) this.push(child, this.evaluate(child));
      else {
        const priority = valuation.value + child.penalty + (valuation.helpful.has(child.choice) ? 0 : 0.5);
        this.queue.push(priority, { node: child, valuation: null, priority });
      }
    }
    return solved.length > 0 ? solved.reduce((best, one) => (one.penalty < best.penalty ? one : best)) : 'going';
  }

  private push(node: Node<Open>, valuation: Valuation): void {
    if (valuation.value < 0) return;
    const priority = valuation.value + node.penalty;
    this.remember(node, valuation);
    this.queue.push(priority, { node, valuation, priority });
  }

  private remember(node: Node<Open>, { value }: Valuation): void {
    if (value >= this.bestValue) return;
    this.bestValue = value;
    this.best = node;
  }
}

const MAX_EAGER = 12;

/** Depth-first search in the order of the domain, with loop check; the size of networks is bounded and the bound doubles. */
export class DeepeningDepthFirst<Open> implements Search<Open> {
  best: Node<Open>;
  private frames: Node<Open>[][] = [];
  private seen = new SeenKeys();
  private cut = false;
  private limit: number;

  constructor(
    private readonly progression: Progression<Open>,
    private readonly meter: Meter,
    private readonly startNode: Node<Open>,
  ) {
    this.best = startNode;
    this.limit = startNode.size + 12;
    this.restart();
  }

  step(): Node<Open> | 'going' | 'empty' {
    const frame = this.frames.at(-1);
    if (!frame) {
      if (!this.cut) return 'empty';
      this.limit *= 2;
      this.restart();
      return 'going';
    }
    const node = frame.pop();
    if (!node) {
      this.frames.pop();
      return 'going';
    }
    if (node.solved) return node;
    if (!this.seen.add(node.key)) return 'going';
    this.meter.node();
    if (node.estimate < this.best.estimate) this.best = node;
    const children = this.progression.expand(node).reverse();
    const small = children.filter((child) => child.size <= this.limit);
    if (small.length < children.length) this.cut = true;
    if (small.length > 0) this.frames.push(small);
    return 'going';
  }

  private restart(): void {
    this.cut = false;
    this.seen = new SeenKeys();
    this.frames = [[this.startNode]];
  }
}

/** Values nodes by their least number of remaining steps alone: cheap, so that many can be seen. */
export function estimateValue<Open>(node: Node<Open>): Valuation {
  return { value: node.estimate, helpful: NONE };
}

const NONE: ReadonlySet<number> = new Set();

/** Values nodes by relaxed plans; repetitions of a task, which the relaxed plan does only once, count by estimate. */
export function relaxedValue<Open>(
  progression: Progression<Open>,
  { relaxed, topDown, meter }: { relaxed: RelaxedPlan; topDown: TopDown | null; meter: Meter },
) {
  return (node: Node<Open>): Valuation => {
    const tasks = progression.tasksOf(node);
    const distinct = [...new Set(tasks)];
    const below = topDown?.below(distinct) ?? null;
    const steps = relaxed.estimate(node.state.words, distinct, below);
    meter.spend(relaxed.work + (topDown?.work(distinct.length) ?? 0));
    if (steps < 0) return { value: -1, helpful: NONE };
    const helpful = new Set(progression.choicesOf(node, relaxed));
    if (distinct.length === tasks.length) return { value: steps, helpful };
    const once = distinct.reduce((sum, task) => sum + (progression.estimates[task] ?? 0), 0);
    return { value: steps + node.estimate - once, helpful };
  };
}
