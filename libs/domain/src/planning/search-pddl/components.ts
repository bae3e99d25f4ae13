/** Strongly connected components of a directed graph. */
export interface Components {
  /** Component of each node; a component's successors have smaller numbers. */
  readonly of: Int32Array;
  /** How many nodes each has. */
  readonly sizes: readonly number[];
}

/**
 * @param next successors of a node, with repetitions where it likes
 * @see Tarjan, Depth-first search and linear graph algorithms, SIAM Journal on Computing 1 (1972); here without recursion
 */
export function componentsOf(count: number, next: (node: number) => readonly number[]): Components {
  const of = new Int32Array(count).fill(-1);
  const sizes: number[] = [];
  const order = new Int32Array(count);
  const low = new Int32Array(count);
  const open: number[] = [];
  const frames: { node: number; successors: readonly number[]; at: number }[] = [];
  let clock = 0;
  const enter = (node: number): void => {
    clock += 1;
    order[node] = low[node] = clock;
    open.push(node);
    frames.push({ node, successors: next(node), at: 0 });
  };
  const leave = (node: number): void => {
    const parent = frames.at(-1)?.node;
    if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
    if (low[node] !== order[node]) return;
    let size = 0;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      of[member] = sizes.length;
      size += 1;
      if (member === node) break;
    }
    sizes.push(size);
  };
  for (let start = 0; start < count; start += 1) {
    if (order[start]) continue;
    enter(start);
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const { node, successors } = frame;
      const successor = successors[frame.at];
      frame.at += 1;
      if (successor === undefined) {
        frames.pop();
        leave(node);
      } else if (!order[successor]) enter(successor);
      else if (of[successor] === -1) low[node] = Math.min(low[node] ?? 0, order[successor] ?? 0);
    }
  }
  return { of, sizes };
}
