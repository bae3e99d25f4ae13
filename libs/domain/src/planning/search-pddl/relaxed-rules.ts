import type { GroundProblem } from './ground-problem';

/**
 * A ground problem without deletes and order, as rules over propositions: facts by number, then tasks. Operators come first (by
 * number), then methods, then conditional effects and axioms. Lists are flat: rule i has `needs[needStart[i] .. needStart[i + 1])`.
 */
export interface RelaxedRules {
  readonly count: number;
  readonly props: number;
  readonly needStart: Int32Array;
  readonly needs: Int32Array;
  readonly giveStart: Int32Array;
  readonly gives: Int32Array;
  /** For each proposition the rules that need it. */
  readonly waitingStart: Int32Array;
  readonly waiting: Int32Array;
  /** Two numbers a rule: how many of its needs are open, and its own cost. */
  readonly fresh: Int32Array;
  /** Rules without needs. */
  readonly free: readonly number[];
  /** The operator that a rule belongs to, or −1. */
  readonly operatorOf: Int32Array;
}

interface Rule {
  readonly needs: readonly number[];
  readonly gives: readonly number[];
  readonly cost: number;
  readonly operator: number;
}

/** A rule that can never support anything: it keeps the numbers of the others in step. */
const IDLE: Rule = { needs: [], gives: [], cost: 0, operator: -1 };

export function relaxedRules(problem: GroundProblem): RelaxedRules {
  const props = problem.factCount + problem.tasks.length;
  const rules = [...operatorRules(problem), ...methodRules(problem), ...otherRules(problem)];
  const [needStart, needs] = flat(rules.map((rule) => rule.needs));
  const [giveStart, gives] = flat(rules.map((rule) => rule.gives));
  const waitingStart = new Int32Array(props + 1);
  for (const need of needs) waitingStart[need + 1] = (waitingStart[need + 1] ?? 0) + 1;
  for (let prop = 0; prop < props; prop += 1)
    waitingStart[prop + 1] = (waitingStart[prop + 1] ?? 0) + (waitingStart[prop] ?? 0);
  const waiting = new Int32Array(needs.length);
  const fill = waitingStart.slice();
  const fresh = new Int32Array(2 * rules.length);
  const free: number[] = [];
  rules.forEach((rule, index) => {
    fresh[2 * index] = rule.needs.length;
    fresh[2 * index + 1] = rule.cost;
    if (rule.needs.length === 0 && rule.gives.length > 0) free.push(index);
    for (const need of rule.needs) {
      waiting[fill[need] ?? 0] = index;
      fill[need] = (fill[need] ?? 0) + 1;
    }
  });
  const operatorOf = Int32Array.from(rules.map(({ operator }) => operator));
  return {
    count: rules.length,
    props,
    needStart,
    needs,
    giveStart,
    gives,
    waitingStart,
    waiting,
    fresh,
    free,
    operatorOf,
  };
}

function flat(lists: readonly (readonly number[])[]): [Int32Array, Int32Array] {
  const starts = new Int32Array(lists.length + 1);
  lists.forEach((list, index) => (starts[index + 1] = (starts[index] ?? 0) + list.length));
  const items = new Int32Array(starts[lists.length] ?? 0);
  lists.forEach((list, index) => items.set(list, starts[index] ?? 0));
  return [starts, items];
}

/** An operator gives its task and what it always adds. */
function operatorRules({ factCount, operators, operatorsOf, negationOf }: GroundProblem): Rule[] {
  const live = new Set(operatorsOf.flat());
  return operators.map((operator, index) => {
    if (!live.has(index)) return IDLE;
    const gives = [factCount + operator.task];
    for (const { condition, adds, deletes } of operator.effects)
      if (condition.length === 0) gives.push(...adds, ...negations(deletes, negationOf));
    return { needs: [...new Set(operator.condition)], gives, cost: 1, operator: index };
  });
}

/**
 * A method gives its task when its condition and its members are given. One that has its own task among its members can never be
 * the cheapest way to give it.
 */
function methodRules({ factCount, methods, methodsOf }: GroundProblem): Rule[] {
  const live = new Set(methodsOf.flat());
  return methods.map(({ condition, members, task }, index) => {
    if (!live.has(index) || members.includes(task)) return IDLE;
    const needs = new Set([...condition, ...members.map((member) => factCount + member)]);
    return { needs: [...needs], gives: [factCount + task], cost: 1, operator: -1 };
  });
}

function otherRules({ operators, operatorsOf, axioms, negationOf }: GroundProblem): Rule[] {
  const rules: Rule[] = [];
  for (const index of operatorsOf.flat()) {
    const operator = operators[index];
    for (const { condition, adds, deletes } of operator?.effects ?? []) {
      if (condition.length === 0) continue;
      const needs = [...new Set([...(operator?.condition ?? []), ...condition])];
      rules.push({ needs, gives: [...adds, ...negations(deletes, negationOf)], cost: 1, operator: index });
    }
  }
  for (const { head, body } of axioms) rules.push({ needs: [...new Set(body)], gives: [head], cost: 0, operator: -1 });
  return rules;
}

function negations(facts: readonly number[], negationOf: Int32Array): number[] {
  return facts.map((fact) => negationOf[fact] ?? -1).filter((fact) => fact >= 0);
}
