import type { GroundProblem } from './ground-problem';
import { negatedDerived } from './prune';
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
  /** Rules of the last relaxed plan: operators first (by number), then methods, then the rest. */
  private readonly used: Uint8Array;
  private readonly needs: (readonly number[])[] = [];
  private readonly gives: (readonly number[])[] = [];
  private readonly owners: number[] = [];
  private readonly ruleCost: Int32Array;
  private readonly waiting: Int32Array;
  private readonly waitingStart: Int32Array;
  private readonly alwaysTrue: readonly number[];
  private readonly propCost: Int32Array;
  private readonly supporter: Int32Array;
  private readonly left: Int32Array;
  private readonly needCount: Int32Array;
  private readonly sum: Int32Array;
  private readonly buckets: number[][] = [];
  private readonly visited: Uint32Array;
  private readonly wanted: Uint32Array;
  private round = 0;
  private touched = 0;
  private allowed: OperatorSet | null = null;
  /** The operator that each rule belongs to, or −1. */
  private readonly operatorOf: Int32Array;
  private usedRules: number[] = [];

  constructor(private readonly problem: GroundProblem) {
    const costs = this.makeRules();
    const count = this.needs.length;
    this.operatorOf = Int32Array.from(this.owners);
    const props = problem.factCount + problem.tasks.length;
    this.ruleCost = Int32Array.from(costs);
    this.needCount = Int32Array.from(this.needs.map((needs) => needs.length));
    this.alwaysTrue = negatedDerived(problem);
    this.waitingStart = new Int32Array(props + 1);
    for (const needs of this.needs) for (const need of needs) this.bump(need + 1);
    for (let prop = 0; prop < props; prop += 1) this.bump(prop + 1, this.waitingStart[prop] ?? 0);
    this.waiting = new Int32Array(this.waitingStart[props] ?? 0);
    const fill = this.waitingStart.slice();
    this.needs.forEach((needs, rule) => {
      for (const need of needs) {
        this.waiting[fill[need] ?? 0] = rule;
        fill[need] = (fill[need] ?? 0) + 1;
      }
    });
    this.propCost = new Int32Array(props);
    this.supporter = new Int32Array(props);
    this.visited = new Uint32Array(props);
    this.wanted = new Uint32Array(props);
    this.left = new Int32Array(count);
    this.sum = new Int32Array(count);
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
    this.work = 20 + (this.propCost.length + this.left.length) / 200 + this.touched / 20;
    return steps;
  }

  usesOperator(operator: number): boolean {
    return this.used[operator] === 1;
  }

  usesMethod(method: number): boolean {
    return this.used[this.problem.operators.length + method] === 1;
  }

  private bump(index: number, by = 1): void {
    this.waitingStart[index] = (this.waitingStart[index] ?? 0) + by;
  }

  private makeRules(): number[] {
    const { factCount, operators, methods, operatorsOf, methodsOf, axioms, negationOf } = this.problem;
    const costs: number[] = [];
    const extra: { needs: readonly number[]; gives: number[]; index: number }[] = [];
    const add = (needs: readonly number[], gives: readonly number[], cost: number, operator = -1): void => {
      this.needs.push([...new Set(needs)]);
      this.gives.push(gives);
      this.owners.push(operator);
      costs.push(cost);
    };
    const liveOperators = new Set(operatorsOf.flat());
    operators.forEach((operator, index) => {
      const gives = [factCount + operator.task];
      if (!liveOperators.has(index)) return add(operator.condition, [], 1);
      for (const effect of operator.effects) {
        const negated = effect.deletes.map((fact) => negationOf[fact] ?? -1).filter((fact) => fact >= 0);
        if (effect.condition.length === 0) gives.push(...effect.adds, ...negated);
        else {
          const needs = [...operator.condition, ...effect.condition];
          extra.push({ needs, gives: [...effect.adds, ...negated], index });
        }
      }
      add(operator.condition, gives, 1, index);
    });
    const liveMethods = new Set(methodsOf.flat());
    methods.forEach(({ condition, members, task }, index) => {
      const needs = [...condition, ...members.map((member) => factCount + member)];
      add(needs, liveMethods.has(index) ? [factCount + task] : [], 1);
    });
    for (const { needs, gives, index } of extra) add(needs, gives, 1, index);
    for (const { head, body } of axioms) add(body, [head], 0);
    return costs;
  }

  /** Generalised Dijkstra over propositions; ends when all goals are settled. */
  private explore(words: Uint32Array, goals: readonly number[]): boolean {
    this.propCost.fill(MAX_COST + 1);
    this.left.set(this.needCount);
    this.sum.fill(0);
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
    for (let rule = 0; rule < this.left.length; rule += 1) if (this.left[rule] === 0) this.fire(rule);
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
    const start = this.waitingStart[prop] ?? 0;
    const end = this.waitingStart[prop + 1] ?? 0;
    this.touched += end - start + 1;
    for (let at = start; at < end; at += 1) {
      const rule = this.waiting[at] ?? 0;
      const left = (this.left[rule] ?? 0) - 1;
      this.left[rule] = left;
      this.sum[rule] = (this.sum[rule] ?? 0) + cost;
      if (left === 0) this.fire(rule);
    }
  }

  private fire(rule: number): void {
    const operator = this.operatorOf[rule] ?? -1;
    if (this.allowed && operator >= 0 && !(((this.allowed[operator >>> 5] ?? 0) >>> (operator & 31)) & 1)) return;
    const gives = this.gives[rule] ?? [];
    this.touched += gives.length;
    const cost = Math.min((this.sum[rule] ?? 0) + (this.ruleCost[rule] ?? 0), MAX_COST);
    for (const prop of gives) this.offer(prop, cost, rule);
  }

  private offer(prop: number, cost: number, rule: number): void {
    if (cost >= (this.propCost[prop] ?? 0)) return;
    this.propCost[prop] = cost;
    this.supporter[prop] = rule;
    while (this.buckets.length <= cost) this.buckets.push([]);
    this.buckets[cost]?.push(prop);
  }

  private extract(goals: readonly number[]): number {
    for (const rule of this.usedRules) this.used[rule] = 0;
    this.usedRules = [];
    const open = [...goals];
    let steps = 0;
    this.round += 1;
    for (let prop = open.pop(); prop !== undefined; prop = open.pop()) {
      const rule = this.supporter[prop] ?? -1;
      if (rule < 0 || this.visited[prop] === this.round) continue;
      this.visited[prop] = this.round;
      if (this.used[rule]) continue;
      this.used[rule] = 1;
      this.usedRules.push(rule);
      steps += this.ruleCost[rule] ?? 0;
      for (const need of this.needs[rule] ?? []) open.push(need);
    }
    return steps;
  }
}
