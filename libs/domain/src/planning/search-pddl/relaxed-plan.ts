import type { GroundProblem } from './ground-problem';
import { negatedDerived } from './prune';
import { type RelaxedRules, relaxedRules } from './relaxed-rules';
import type { OperatorSet } from './top-down';

/** Costs above are not told apart. */
const MAX_COST = 20_000;

/**
 * FF heuristic over facts and tasks: a relaxed plan that makes every open task finished and every goal fact true when deletes and
 * the order of tasks are ignored. An operator gives its effects and its task; a method needs its condition and its members and
 * gives its task. Supporters are the cheapest ones by h_add.
 *
 * @see Höller, Bercher, Behnke and Biundo, A generic method to guide HTN progression search with classical heuristics, ICAPS 2018
 * @see Keyder and Geffner, Heuristics for planning with action costs revisited, ECAI 2008
 */
export class RelaxedPlan {
  /** Elementary work of the last estimate. */
  work = 0;
  private readonly rules: RelaxedRules;
  /** Rules of the last relaxed plan. */
  private readonly used: Uint8Array;
  private readonly alwaysTrue: readonly number[];
  private readonly propCost: Int32Array;
  private readonly supporter: Int32Array;
  /** Two numbers a rule: how many of its needs are open, and its cost so far. */
  private readonly open: Int32Array;
  private readonly buckets: number[][] = [];
  private readonly visited: Uint32Array;
  private readonly wanted: Uint32Array;
  private round = 0;
  private touched = 0;
  private allowed: OperatorSet | null = null;
  private usedRules: number[] = [];

  constructor(private readonly problem: GroundProblem) {
    this.rules = relaxedRules(problem);
    const { props, count } = this.rules;
    this.alwaysTrue = negatedDerived(problem);
    this.propCost = new Int32Array(props);
    this.supporter = new Int32Array(props);
    this.visited = new Uint32Array(props);
    this.wanted = new Uint32Array(props);
    this.open = new Int32Array(2 * count);
    this.used = new Uint8Array(count);
  }

  /**
   * Steps of a relaxed plan from a state, or −1 when there is none: then there is no plan either.
   *
   * @param allowed operators that the open tasks can still be refined to; null: all
   */
  estimate(words: Uint32Array, tasks: readonly number[], allowed: OperatorSet | null = null): number {
    const { factCount, goal } = this.problem;
    const goals = [...goal, ...tasks.map((task) => factCount + task)];
    this.allowed = allowed;
    this.touched = 0;
    const steps = this.explore(words, goals) ? this.extract(goals) : -1;
    this.work = 20 + (this.propCost.length + this.open.length) / 200 + this.touched / 20;
    return steps;
  }

  usesOperator(operator: number): boolean {
    return this.used[operator] === 1;
  }

  usesMethod(method: number): boolean {
    return this.used[this.problem.operators.length + method] === 1;
  }

  /** Generalised Dijkstra over propositions; ends when all goals are settled. */
  private explore(words: Uint32Array, goals: readonly number[]): boolean {
    this.propCost.fill(MAX_COST + 1);
    this.open.set(this.rules.fresh);
    this.round += 1;
    let missing = 0;
    for (const goal of goals) {
      if (this.wanted[goal] === this.round) continue;
      this.wanted[goal] = this.round;
      missing += 1;
    }
    for (let index = 0; index < words.length; index += 1) {
      for (let word = words[index] ?? 0; word !== 0; word &= word - 1) {
        this.offer(index * 32 + (31 - Math.clz32(word & -word)), 0, -1);
      }
    }
    for (const fact of this.alwaysTrue) this.offer(fact, 0, -1);
    for (const rule of this.rules.free) this.fire(rule);
    for (let cost = 0; cost < this.buckets.length && missing > 0; cost += 1) {
      const bucket = this.buckets[cost] ?? [];
      for (let next = 0; next < bucket.length && missing > 0; next += 1) {
        const prop = bucket[next] ?? 0;
        if (this.propCost[prop] !== cost || this.visited[prop] === this.round) continue;
        this.visited[prop] = this.round;
        if (this.wanted[prop] === this.round) missing -= 1;
        this.settle(prop, cost);
      }
      bucket.length = 0;
    }
    for (const bucket of this.buckets) bucket.length = 0;
    return missing === 0;
  }

  private settle(prop: number, cost: number): void {
    const { open } = this;
    const { waiting, waitingStart } = this.rules;
    const start = waitingStart[prop] ?? 0;
    const end = waitingStart[prop + 1] ?? 0;
    this.touched += end - start + 1;
    for (let at = start; at < end; at += 1) {
      const rule = waiting[at] ?? 0;
      const left = (open[2 * rule] ?? 0) - 1;
      open[2 * rule] = left;
      open[2 * rule + 1] = (open[2 * rule + 1] ?? 0) + cost;
      if (left === 0) this.fire(rule);
    }
  }

  private fire(rule: number): void {
    const { operatorOf, giveStart, gives } = this.rules;
    const operator = operatorOf[rule] ?? -1;
    if (this.allowed && operator >= 0 && !(((this.allowed[operator >>> 5] ?? 0) >>> (operator & 31)) & 1)) return;
    const cost = Math.min(this.open[2 * rule + 1] ?? 0, MAX_COST);
    const end = giveStart[rule + 1] ?? 0;
    for (let at = giveStart[rule] ?? 0; at < end; at += 1) this.offer(gives[at] ?? 0, cost, rule);
  }

  private offer(prop: number, cost: number, rule: number): void {
    if (cost >= (this.propCost[prop] ?? 0)) return;
    this.touched += 1;
    this.propCost[prop] = cost;
    this.supporter[prop] = rule;
    while (this.buckets.length <= cost) this.buckets.push([]);
    this.buckets[cost]?.push(prop);
  }

  private extract(goals: readonly number[]): number {
    const { needs, needStart, fresh } = this.rules;
    for (const rule of this.usedRules) this.used[rule] = 0;
    this.usedRules = [];
    const waiting = [...goals];
    let steps = 0;
    this.round += 1;
    for (let prop = waiting.pop(); prop !== undefined; prop = waiting.pop()) {
      const rule = this.supporter[prop] ?? -1;
      if (rule < 0 || this.visited[prop] === this.round) continue;
      this.visited[prop] = this.round;
      if (this.used[rule]) continue;
      this.used[rule] = 1;
      this.usedRules.push(rule);
      steps += fresh[2 * rule + 1] ?? 0;
      const end = needStart[rule + 1] ?? 0;
      for (let at = needStart[rule] ?? 0; at < end; at += 1) waiting.push(needs[at] ?? 0);
    }
    return steps;
  }
}
