import type { GroundProblem } from './ground-problem';
import type { Meter } from './meter';

/**
 * Leaves out what can never take part in a plan: alternately bottom-up (facts and tasks reachable when nothing is deleted, over the
 * operators and methods that are left) and top-down (tasks that the initial network still refers to), until nothing changes.
 * Returns null when the initial network or the goal is out of reach: the problem has no solution.
 *
 * @see Behnke, Höller, Schmid, Bercher and Biundo, On succinct groundings of HTN planning problems, AAAI 2020
 */
export function prune(problem: GroundProblem, meter: Meter): GroundProblem | null {
  let live: Live = { operators: problem.operators.map(() => true), methods: problem.methods.map(() => true) };
  for (let before = -1, count = countLive(live); count !== before;) {
    before = count;
    meter.poll();
    const reached = bottomUp(problem, live);
    meter.poll();
    if (!reached) return null;
    live = topDown(problem, reached);
    count = countLive(live);
  }
  return {
    ...problem,
    operatorsOf: problem.operatorsOf.map((list) => list.filter((operator) => live.operators[operator])),
    methodsOf: problem.methodsOf.map((list) => list.filter((method) => live.methods[method])),
  };
}

interface Live {
  readonly operators: boolean[];
  readonly methods: boolean[];
}

function countLive({ operators, methods }: Live): number {
  return operators.filter(Boolean).length + methods.filter(Boolean).length;
}

/** Counter-based forward chaining, linear in the size of the problem. */
function bottomUp(problem: GroundProblem, live: Live): Live | null {
  const { factCount, tasks } = problem;
  const rules: { needs: readonly number[]; gives: readonly number[]; left: number }[] = [];
  const operatorRule: number[] = [];
  const taskProp = (task: number) => factCount + task;
  problem.operators.forEach((operator, index) => {
    if (!live.operators[index]) return;
    operatorRule[index] = rules.length;
    rules.push({ needs: operator.condition, gives: [taskProp(operator.task)], left: 0 });
    for (const effect of operator.effects) {
      const negated = effect.deletes.map((fact) => problem.negationOf[fact] ?? -1).filter((fact) => fact >= 0);
      rules.push({ needs: [...operator.condition, ...effect.condition], gives: [...effect.adds, ...negated], left: 0 });
    }
  });
  const methodRule: number[] = [];
  problem.methods.forEach((method, index) => {
    if (!live.methods[index]) return;
    methodRule[index] = rules.length;
    rules.push({
      needs: [...method.condition, ...method.members.map(taskProp)],
      gives: [taskProp(method.task)],
      left: 0,
    });
  });
  for (const { head, body } of problem.axioms) rules.push({ needs: body, gives: [head], left: 0 });
  const start = [...problem.init, ...negatedDerived(problem)];
  const reached = chain(rules, factCount + tasks.length, start);
  if (problem.goal.some((fact) => !reached[fact])) return null;
  if (problem.root >= 0 && !reached[taskProp(problem.root)]) return null;
  return {
    operators: problem.operators.map((_, index) => isFired(rules[operatorRule[index] ?? -1])),
    methods: problem.methods.map((_, index) => isFired(rules[methodRule[index] ?? -1])),
  };
}

/** Under delete relaxation the absence of a derived fact is taken to be possible. */
export function negatedDerived(problem: GroundProblem): number[] {
  return [...problem.derived.keys()].map((fact) => problem.negationOf[fact] ?? -1).filter((fact) => fact >= 0);
}

function isFired(rule: { left: number } | undefined): boolean {
  return rule?.left === 0;
}

function chain(
  rules: { needs: readonly number[]; gives: readonly number[]; left: number }[],
  propCount: number,
  start: readonly number[],
): Uint8Array {
  const waiting: number[][] = Array.from({ length: propCount }, () => []);
  const reached = new Uint8Array(propCount);
  const queue: number[] = [];
  const reach = (prop: number): void => {
    if (reached[prop]) return;
    reached[prop] = 1;
    queue.push(prop);
  };
  rules.forEach((rule, index) => {
    rule.left = rule.needs.length;
    for (const need of rule.needs) waiting[need]?.push(index);
    if (rule.left === 0) rule.gives.forEach(reach);
  });
  start.forEach(reach);
  for (let next = 0; next < queue.length; next += 1) {
    for (const index of waiting[queue[next] ?? -1] ?? []) {
      const rule = rules[index];
      if (!rule) continue;
      rule.left -= 1;
      if (rule.left === 0) rule.gives.forEach(reach);
    }
  }
  return reached;
}

function topDown(problem: GroundProblem, reached: Live): Live {
  if (problem.root < 0) return reached;
  const seen = new Uint8Array(problem.tasks.length);
  const operators = problem.operators.map(() => false);
  const methods = problem.methods.map(() => false);
  const queue = [problem.root];
  seen[problem.root] = 1;
  for (let next = 0; next < queue.length; next += 1) {
    const task = queue[next] ?? -1;
    for (const operator of problem.operatorsOf[task] ?? []) operators[operator] = reached.operators[operator] ?? false;
    for (const method of problem.methodsOf[task] ?? []) {
      if (!reached.methods[method]) continue;
      methods[method] = true;
      for (const member of problem.methods[method]?.members ?? []) {
        if (seen[member]) continue;
        seen[member] = 1;
        queue.push(member);
      }
    }
  }
  return { operators, methods };
}
