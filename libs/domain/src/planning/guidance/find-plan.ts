import type { ActionSequence } from '../pddl/model';
import { ClassicalProgression } from '../search-pddl/classical';
import { BudgetOver, Meter } from '../search-pddl/meter';
import type { Trace } from '../search-pddl/network';
import { eventsOf } from '../search-pddl/answers';
import type { GroundTaskOf } from './ground-task';
import { GuidedSearch, type Policy } from './guided-search';

/** Work of one search, counted, so that training repeats exactly on any machine. */
export interface Effort {
  readonly expansions: number;
  readonly work: number;
}

/** Weighted A* by relaxed plans: short plans to learn from, where it finds any. */
export const UNTAUGHT: Policy = { weights: new Map(), stepWeight: 2, pathWeight: 1, allowedWaste: -1 };

/**
 * Searches for a plan in the order of a policy.
 *
 * @param isOver true ends the search; told how many states were expanded so far, for the last time when it has ended
 * @returns the operators of a plan, or null when there was none within the effort
 */
export function findPlan(
  task: GroundTaskOf,
  policy: Policy,
  effort: Effort,
  isOver: (expansions: number) => boolean,
): number[] | null {
  const counted: { meter?: Meter } = {}; // a meter asks once while it is made
  const meter = new Meter({ maxNodes: effort.expansions, isOver: () => isOver(counted.meter?.nodes ?? 0) });
  counted.meter = meter;
  const progression = new ClassicalProgression(task.ground, meter);
  const search = new GuidedSearch({ ...task, progression, meter }, policy);
  try {
    for (;;) {
      const found = search.step();
      if (found === 'empty') return null;
      if (found !== 'going') return operatorsOf(task, found.trace);
      if (meter.work > effort.work) return null;
    }
  } catch (error) {
    if (error instanceof BudgetOver) return null;
    throw error;
  } finally {
    isOver(meter.nodes);
  }
}

/** Operators of a plan that is given by names; null when an action of it was not grounded. */
export function numberedPlan({ lifted, ground }: GroundTaskOf, plan: ActionSequence): number[] | null {
  const { objects } = lifted.world;
  const tasks = new Map(
    ground.tasks.map(({ name, args }, task) => [[name, ...args.map((object) => objects[object])].join(' '), task]),
  );
  const steps = plan.map(({ name, args }) => ground.operatorsOf[tasks.get([name, ...args].join(' ')) ?? -1]?.[0] ?? -1);
  return steps.includes(-1) ? null : steps;
}

/** Which operator each executed task was: by replay, since a task may have several. */
function operatorsOf({ ground }: GroundTaskOf, trace: Trace | null): number[] {
  return eventsOf(trace).map(({ task }) => ground.operatorsOf[task]?.[0] ?? -1);
}
