import { ClassicalProgression } from '../search-pddl/classical';
import { Meter } from '../search-pddl/meter';
import type { Node } from '../search-pddl/progression';
import type { GroundTaskOf } from './ground-task';

/** A state of a small problem with what can be done in it, and which of that begins a shortest plan. */
export interface Lookout {
  readonly node: Node<null>;
  readonly children: readonly Node<null>[];
  /** Operators. */
  readonly right: ReadonlySet<number>;
}

interface Seen {
  readonly node: Node<null>;
  readonly depth: number;
  children: readonly Node<null>[];
  before: number[];
  left: number;
}

/**
 * Sees the whole state space of a small problem and finds the states on shortest plans. Unlike a single plan it says which actions
 * are equally good, so that nothing is learned from which of them a search happened to take.
 *
 * @returns states in breadth-first order; null when there are more than `maxStates`, or no plan
 */
export function shortestPlans({ ground }: GroundTaskOf, maxStates: number): Lookout[] | null {
  const meter = new Meter({ maxNodes: Number.MAX_SAFE_INTEGER, isOver: () => false });
  const progression = new ClassicalProgression(ground, meter);
  const start = progression.start();
  const numbers = new Map<number, number>([[start.key, 0]]);
  const states: Seen[] = [{ node: start, depth: 0, children: [], before: [], left: Infinity }];
  for (let at = 0; at < states.length; at += 1) {
    const state = states[at];
    if (!state || state.node.solved) continue;
    state.children = progression.expand(state.node);
    for (const child of state.children) {
      let number = numbers.get(child.key);
      if (number === undefined) {
        number = states.length;
        if (number >= maxStates) return null;
        numbers.set(child.key, number);
        states.push({ node: child, depth: state.depth + 1, children: [], before: [], left: Infinity });
      }
      states[number]?.before.push(at);
    }
  }
  measureBackwards(states);
  const length = states[0]?.left ?? Infinity;
  if (!Number.isFinite(length)) return null;
  return states.flatMap(({ node, depth, children, left }) => {
    if (left === 0 || depth + left > length) return [];
    const right = children.filter((child) => states[numbers.get(child.key) ?? -1]?.left === left - 1);
    return [{ node, children, right: new Set(right.map(({ choice }) => choice)) }];
  });
}

/** Steps to the nearest goal state, by breadth-first search from all of them. */
function measureBackwards(states: readonly Seen[]): void {
  const queue = states.filter(({ node }) => node.solved);
  for (const state of queue) state.left = 0;
  for (let at = 0; at < queue.length; at += 1) {
    const state = queue[at];
    for (const number of state?.before ?? []) {
      const before = states[number];
      if (!before || Number.isFinite(before.left)) continue;
      before.left = (state?.left ?? 0) + 1;
      queue.push(before);
    }
  }
}
