import type { GroundMethod, GroundProblem } from './ground-problem';
import type { Digest } from './state';
import { scatter } from './state';

/** One open task of a network. `uid` tells it from other occurrences of the same task in the finished plan. */
export interface OpenTask {
  readonly task: number;
  readonly uid: number;
}

/** Totally ordered open tasks: a linked list that shares its tail with other networks. */
export interface Stack extends OpenTask {
  readonly next: Stack | null;
  readonly length: number;
  /** Sum of the estimates of its tasks. */
  readonly estimate: number;
  readonly digest: Digest;
}

export const EMPTY_DIGEST: Digest = { high: 0, low: 0 };

/** What happened on the way to a node, newest first. */
export interface Trace {
  readonly before: Trace | null;
  /** The occurrence that was executed or decomposed. */
  readonly uid: number;
  readonly task: number;
  /** −1 for an executed action. */
  readonly method: number;
  /** Occurrences of the method's members in the order of declaration. */
  readonly children: readonly number[];
}

/** Makes networks and numbers their occurrences. */
export class Networks {
  private nextUid = 0;

  /** @param estimates steps of each task at least; missing ones count as none */
  constructor(private readonly estimates: Float64Array) {}

  newUid(): number {
    this.nextUid += 1;
    return this.nextUid;
  }

  push(task: number, uid: number, next: Stack | null): Stack {
    const tail = next?.digest ?? EMPTY_DIGEST;
    return {
      task,
      uid,
      next,
      length: (next?.length ?? 0) + 1,
      estimate: (next?.estimate ?? 0) + (this.estimates[task] ?? 0),
      digest: {
        high: scatter(Math.imul(tail.high, 31) + scatter(task + 0x3c6ef372)),
        low: scatter(Math.imul(tail.low, 37) + scatter(task + 0x1b873593)),
      },
    };
  }

  /** Puts a totally ordered method's members on top of a stack. */
  decompose(
    method: Pick<GroundMethod, 'members' | 'sequence'>,
    next: Stack | null,
  ): { stack: Stack | null; children: number[] } {
    const children = method.members.map(() => this.newUid());
    let stack = next;
    const sequence = method.sequence ?? [];
    for (let i = sequence.length - 1; i >= 0; i -= 1) {
      const position = sequence[i] ?? 0;
      stack = this.push(method.members[position] ?? 0, children[position] ?? 0, stack);
    }
    return { stack, children };
  }
}

/**
 * Least number of steps (actions and decompositions) that each task takes when preconditions are ignored; infinite when it can
 * never be finished. Computed as a least fixpoint over the task decomposition graph.
 */
export function taskEstimates(problem: GroundProblem): Float64Array {
  const estimates = new Float64Array(problem.tasks.length).fill(Infinity);
  const parents: number[][] = problem.tasks.map(() => []);
  for (const methods of problem.methodsOf) {
    for (const method of methods)
      // A method is looked at as a whole: one that asks for a task a thousand times is its parent once.
      for (const member of problem.methods[method]?.members ?? [])
        if (parents[member]?.at(-1) !== method) parents[member]?.push(method);
  }
  const queue: number[] = [];
  problem.operatorsOf.forEach((operators, task) => {
    if (operators.length > 0) estimates[task] = 1;
    if (operators.length > 0) queue.push(task);
  });
  const relax = (index: number): void => {
    const method = problem.methods[index];
    if (!method) return;
    const cost = method.members.reduce((sum, member) => sum + (estimates[member] ?? Infinity), 1);
    if (cost >= (estimates[method.task] ?? Infinity)) return;
    estimates[method.task] = cost;
    queue.push(method.task);
  };
  problem.methodsOf.forEach((methods) => {
    for (const method of methods) if (problem.methods[method]?.members.length === 0) relax(method);
  });
  for (let next = 0; next < queue.length; next += 1)
    for (const method of parents[queue[next] ?? -1] ?? []) relax(method);
  return estimates;
}
