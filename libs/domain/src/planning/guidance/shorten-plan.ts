import { holds, StateSpace } from '../search-pddl/state';
import type { GroundTaskOf } from './ground-task';

/**
 * Leaves out actions that a plan does not need: each in turn together with all later ones that then cannot be executed, if the goal
 * is reached all the same.
 *
 * @see Nakhost and Müller, Action elimination and plan neighborhood graph search, ICAPS 2010
 */
export function shortenPlan({ ground }: GroundTaskOf, plan: readonly number[]): number[] {
  const space = new StateSpace(ground);
  let kept = [...plan];
  let state = space.initial;
  for (let at = 0; at < kept.length;) {
    const shorter = withoutStep(at);
    if (shorter) {
      kept = shorter;
      continue;
    }
    const operator = ground.operators[kept[at] ?? -1];
    if (operator) state = space.apply(state, operator);
    at += 1;
  }
  return kept;

  function withoutStep(skipped: number): number[] | null {
    const left = kept.slice(0, skipped);
    let now = state;
    for (const index of kept.slice(skipped + 1)) {
      const operator = ground.operators[index];
      if (!operator || !space.applicable(now, operator)) continue;
      now = space.apply(now, operator);
      left.push(index);
    }
    return holds(now.words, ground.goal) ? left : null;
  }
}

/** Whether every operator of a plan can be executed in turn and the goal holds at its end. */
export function isExecutable({ ground }: GroundTaskOf, plan: readonly number[]): boolean {
  const space = new StateSpace(ground);
  let state = space.initial;
  for (const index of plan) {
    const operator = ground.operators[index];
    if (!operator || !space.applicable(state, operator)) return false;
    state = space.apply(state, operator);
  }
  return holds(state.words, ground.goal);
}
