import type { TaskNetwork } from '../pddl/model';

export interface ExecutionOrder {
  readonly ordering: readonly (readonly [number, number])[];
  /** Positions in order of execution when the order is total, else null. */
  readonly sequence: readonly number[] | null;
}

const cache = new WeakMap<TaskNetwork, ExecutionOrder>();

/** Order of a network's members by position; the sequence is found by sorting topologically without ever having a choice. */
export function executionOrder(network: TaskNetwork): ExecutionOrder {
  const known = cache.get(network);
  if (known) return known;
  const positions = new Map(network.members.map(({ id }, index) => [id, index]));
  const ordering = network.ordering.map(([a, b]) => [positions.get(a) ?? -1, positions.get(b) ?? -1] as const);
  const blockers = network.members.map((_, index) => ordering.filter(([, after]) => after === index).length);
  const sequence: number[] = [];
  let total = true;
  for (let ready = readyOf(blockers); ready.length > 0; ready = readyOf(blockers)) {
    total &&= ready.length === 1;
    const next = ready[0] ?? 0;
    sequence.push(next);
    blockers[next] = -1;
    for (const [before, after] of ordering) if (before === next) blockers[after] = (blockers[after] ?? 0) - 1;
  }
  if (sequence.length < network.members.length)
    throw new Error('The ordering of a task network has a cycle; remove one of its pairs');
  const made = { ordering, sequence: total ? sequence : null };
  cache.set(network, made);
  return made;
}

function readyOf(blockers: readonly number[]): number[] {
  return blockers.flatMap((count, index) => (count === 0 ? [index] : []));
}
