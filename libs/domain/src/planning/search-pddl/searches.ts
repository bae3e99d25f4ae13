import type { Meter } from './meter';
import { PriorityQueue } from './priority-queue';
import type { Node, Progression } from './progression';
import type { RelaxedPlan } from './relaxed-plan';

/** A search that can be run a step at a time. */
export interface Search<Open> {
  /** One expansion. `empty`: the whole space was seen without a solution. */
  step(): Node<Open> | 'going' | 'empty';
  /** The most promising node so far. */
  readonly best: Node<Open>;
}

/** Greedy best-first search with duplicate detection; the value of a node is computed when it is generated. */
export class BestFirst<Open> implements Search<Open> {
  best: Node<Open>;
  private readonly queue = new PriorityQueue<Node<Open>>();
  private readonly seen = new Set<number>();
  private bestValue = Infinity;

  /** @param value lower is better; −1: hopeless */
  constructor(
    private readonly progression: Progression<Open>,
    private readonly meter: Meter,
    private readonly value: (node: Node<Open>) => number,
    start: Node<Open>,
  ) {
    this.best = start;
    this.add(start);
  }

  step(): Node<Open> | 'going' | 'empty' {
    const node = this.queue.pop();
    if (!node) return 'empty';
    if (node.solved) return node;
    this.meter.node();
    const children = this.progression.expand(node);
    for (let i = children.length - 1; i >= 0; i -= 1) {
      const child = children[i];
      if (child?.solved) return child;
      if (child) this.add(child);
    }
    return 'going';
  }

  private add(node: Node<Open>): void {
    if (this.seen.has(node.key)) return;
    this.seen.add(node.key);
    const value = this.value(node);
    if (value < 0) return;
    if (value < this.bestValue) {
      this.bestValue = value;
      this.best = node;
    }
    this.queue.push(value, node);
  }
}

/** Depth-first search in the order of the domain, with loop check; the size of networks is bounded and the bound doubles. */
export class DeepeningDepthFirst<Open> implements Search<Open> {
  best: Node<Open>;
  private frames: Node<Open>[][] = [];
  private seen = new Set<number>();
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
    if (this.seen.has(node.key)) return 'going';
    this.seen.add(node.key);
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
    this.seen = new Set();
    this.frames = [[this.startNode]];
  }
}

/** Value of a node by the relaxed plan; repetitions of a task, which the relaxed plan does only once, count by estimate. */
export function relaxedValue<Open>(progression: Progression<Open>, relaxed: RelaxedPlan, meter: Meter, work: number) {
  return (node: Node<Open>): number => {
    const tasks = progression.tasksOf(node);
    const distinct = [...new Set(tasks)];
    const steps = relaxed.estimate(node.state.words, distinct);
    meter.spend(work);
    if (steps < 0) return -1;
    if (distinct.length === tasks.length) return steps;
    const once = distinct.reduce((sum, task) => sum + (progression.estimates[task] ?? 0), 0);
    return steps + node.estimate - once;
  };
}
