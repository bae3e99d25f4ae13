import type { GroundTask, PddlAnswer } from '../pddl/model';
import { actionCost } from './build-ground';
import type { Lifted } from './lifted';
import type { Meter } from './meter';
import { BudgetOver } from './meter';
import type { Trace } from './network';
import type { Node, Progression } from './progression';
import type { Valuation } from './searches';
import { BestFirst } from './searches';

/** Work that looking for cheaper plans may take, beside as much again as the first plan took. */
const MIN_WORK = 20_000;

/** What the actions of a plan cost. */
export function costOfTasks(lifted: Lifted, actions: readonly GroundTask[]): number {
  return actions.reduce((cost, { name, args }) => {
    const action = lifted.actions.get(name);
    if (!action) return cost;
    const { objectIds } = lifted.world;
    const binding = new Map(
      action.def.params.map((param, index) => [param.name, objectIds.get(args[index] ?? '') ?? -1]),
    );
    return cost + actionCost(lifted, { action, binding });
  }, 0);
}

export interface Improvement<Open> {
  /** Its nodes' penalty is what they cost. */
  readonly progression: Progression<Open>;
  readonly value: (node: Node<Open>) => Valuation;
  readonly planned: (trace: Trace | null) => PddlAnswer;
  readonly meter: Meter;
}

/**
 * A cheaper plan than the one found, if as much work again as it took finds one: best-first by cost so far plus the steps of the
 * relaxed plan at the mean cost of a step, leaving out whatever costs as much as the best plan before it is complete.
 *
 * @param first the plan found, its cost and number of actions
 */
export function cheaperPlan<Open>(
  first: { readonly answer: PddlAnswer; readonly cost: number; readonly actions: number },
  { progression, value, planned, meter }: Improvement<Open>,
): PddlAnswer {
  const start = progression.start();
  let best = first.answer;
  if (!start || start.solved || first.cost <= 0) return best;
  const end = meter.work * 2 + MIN_WORK;
  const mean = first.cost / Math.max(1, first.actions);
  try {
    const search = new BestFirst(progression, meter, (node) => scaled(value(node), mean), start);
    let { cost } = first;
    search.below(cost);
    while (meter.work < end) {
      const found = search.step();
      meter.spend(1);
      if (found === 'empty') break;
      if (found === 'going' || found.penalty >= cost) continue;
      cost = found.penalty;
      search.below(cost);
      best = planned(found.trace);
    }
  } catch (error) {
    if (!(error instanceof BudgetOver)) throw error; // the time is over: the best plan so far is the answer
  }
  return best;
}

function scaled({ value, helpful }: Valuation, mean: number): Valuation {
  return { value: value < 0 ? value : value * mean, helpful };
}
