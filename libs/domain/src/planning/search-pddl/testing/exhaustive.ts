import type { Condition, GroundTask, PddlDomain, PddlProblem, TaskNetwork } from '../../pddl/model';
import { Replay } from './replay';

/** A task that is still to be done, and the numbers of those that have to be finished before it. */
interface Open extends GroundTask {
  readonly id: number;
  readonly after: readonly number[];
}

/** Open tasks beyond which a network is not followed: recursions without end are as long as one likes. */
const MAX_OPEN = 30;

interface Moment {
  readonly at: Replay;
  readonly open: readonly Open[];
}

/**
 * Whether a network, totally or partially ordered, with or without recursion, can be carried out: walks in breadth through all pairs of
 * state and network, any task without open predecessors next, any method that holds then. Null when there are more than so many pairs,
 * or networks that grow and grow.
 * For tests: nothing is numbered, estimated or left out, and pairs are compared as texts.
 */
export function exhaustNetwork(domain: PddlDomain, problem: PddlProblem, maxPairs: number): boolean | null {
  const { network } = problem;
  if (!network) throw new Error('There is no network');
  let ids = 0;
  const newId = (): number => (ids += 1);
  const seen = new Set<string>();
  const queue: Moment[] = [];
  let isCut = false;
  const put = (moment: Moment): void => {
    isCut ||= moment.open.length > MAX_OPEN;
    if (moment.open.length > MAX_OPEN) return;
    const key = textOf(moment);
    if (seen.has(key)) return;
    seen.add(key);
    queue.push(moment);
  };
  const fresh = new Replay(domain, problem);
  for (const env of fresh.bindings(network.params, {}, network.constraints))
    put({ at: fresh, open: opened(network, { env, after: [], newId }) });
  for (const { at, open } of queue) {
    if (open.length === 0 && at.isGoal) return true;
    if (queue.length > maxPairs) return null;
    for (const task of open.filter(({ after }) => after.length === 0)) {
      const next = at.fork();
      if (domain.actions.some(({ name }) => name === task.name)) {
        if (next.execute(task) === null) put({ at: next, open: replaced(open, task, []) });
        continue;
      }
      for (const method of domain.methods.filter(({ task: head }) => head.name === task.name)) {
        const given: Record<string, string> = {};
        const fits = method.task.args.every(
          (term, index) => (given[term] ??= task.args[index] ?? '') === task.args[index],
        );
        const both: Condition = { kind: 'and', parts: [method.precondition, method.network.constraints] };
        for (const env of fits ? at.bindings(method.params, given, both) : [])
          put({ at, open: replaced(open, task, opened(method.network, { env, after: [], newId })) });
      }
    }
  }
  return isCut ? null : false;
}

function opened(
  { members, ordering }: TaskNetwork,
  { env, after, newId }: { env: Readonly<Record<string, string>>; after: readonly number[]; newId: () => number },
): Open[] {
  const ids = new Map(members.map((member) => [member.id, newId()]));
  return members.map((member) => ({
    name: member.task,
    args: member.args.map((term) => env[term] ?? term),
    id: ids.get(member.id) ?? 0,
    after: [...after, ...ordering.flatMap(([a, b]) => (b === member.id ? [ids.get(a) ?? 0] : []))],
  }));
}

/** What waited for a task waits for what came in its place. */
function replaced(open: readonly Open[], task: Open, members: readonly Open[]): Open[] {
  const ids = members.map(({ id }) => id);
  return open.flatMap((one) => {
    if (one === task) return members;
    if (!one.after.includes(task.id)) return [one];
    return [{ ...one, after: [...one.after.filter((id) => id !== task.id), ...ids] }];
  });
}

function textOf({ at, open }: Moment): string {
  const place = new Map(open.map(({ id }, index) => [id, index]));
  const tasks = open.map(({ name, args, after }) => {
    const waits = after.map((id) => place.get(id) ?? -1).toSorted((a, b) => a - b);
    return [name, ...args, '<', ...waits].join(' ');
  });
  return `${at.state} | ${tasks.join('; ')}`;
}
