import type { GroundTask, PddlDomain, PddlProblem, TaskNetwork } from '../../pddl/model';
import { Replay } from './replay';

/**
 * Whether a classical problem has a plan, by walking through all its states in breadth; null when there are too many. For tests:
 * it shares nothing with the planner but the data types.
 */
export function bruteForceSequence(domain: PddlDomain, problem: PddlProblem, maxStates: number): boolean | null {
  const start = new Replay(domain, problem);
  const seen = new Set([start.state]);
  const queue = [start];
  for (const at of queue) {
    if (at.isGoal) return true;
    if (queue.length > maxStates) return null;
    for (const { name, params } of domain.actions) {
      for (const env of at.bindings(params, {}, { kind: 'true' })) {
        const next = at.fork();
        if (next.execute({ name, args: params.map((param) => env[param.name] ?? '') }) !== null) continue;
        if (seen.has(next.state)) continue;
        seen.add(next.state);
        queue.push(next);
      }
    }
  }
  return false;
}

/** Whether a totally ordered network without recursion can be carried out, by trying every decomposition. */
export function bruteForceNetwork(domain: PddlDomain, problem: PddlProblem): boolean {
  const members = (network: TaskNetwork, env: Readonly<Record<string, string>>): GroundTask[] =>
    network.members.map(({ task, args }) => ({ name: task, args: args.map((term) => env[term] ?? term) }));
  const failed = new Set<string>();
  const canDo = (at: Replay, open: readonly GroundTask[]): boolean => {
    const [first, ...rest] = open;
    if (!first) return at.isGoal;
    const key = `${at.state} | ${open.map(({ name, args }) => [name, ...args].join(' ')).join('; ')}`;
    if (failed.has(key)) return false;
    const isPossible = domain.actions.some(({ name }) => name === first.name)
      ? canAct(at, first, rest)
      : domain.methods.some((method) => {
          if (method.task.name !== first.name) return false;
          const given = Object.fromEntries(method.task.args.map((term, index) => [term, first.args[index] ?? '']));
          const envs = at.bindings(method.params, given, method.precondition);
          return envs.some((env) => canDo(at, [...members(method.network, env), ...rest]));
        });
    if (!isPossible) failed.add(key);
    return isPossible;
  };
  const canAct = (at: Replay, action: GroundTask, rest: readonly GroundTask[]): boolean => {
    const next = at.fork();
    return next.execute(action) === null && canDo(next, rest);
  };
  return problem.network !== null && canDo(new Replay(domain, problem), members(problem.network, {}));
}
