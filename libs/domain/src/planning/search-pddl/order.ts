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
  const sequence = onlySequence(network.members.length, ordering);
  const made = { ordering, sequence };
  cache.set(network, made);
  return made;
}

/** The one order that the pairs leave open, null where they leave several. @throws {Error} when they run in a circle */
function onlySequence(members: number, ordering: ExecutionOrder['ordering']): readonly number[] | null {
  const blockers = new Array<number>(members).fill(0);
  const blocked = Array.from({ length: members }, (): number[] => []);
  for (const [before, after] of ordering) {
    blocked[before]?.push(after);
    blockers[after] = (blockers[after] ?? 0) + 1;
  }
  const sequence = [...blockers.keys()].filter((index) => blockers[index] === 0);
  let isTotal = true;
  for (let at = 0; at < sequence.length; at += 1) {
    isTotal &&= sequence.length === at + 1; // nothing else is ready
    for (const after of blocked[sequence[at] ?? 0] ?? []) {
      blockers[after] = (blockers[after] ?? 0) - 1;
      if (blockers[after] === 0) sequence.push(after);
    }
  }
  if (sequence.length < members) throw new Error('The ordering of a task network has a cycle; remove one of its pairs');
  return isTotal ? sequence : null;
}
