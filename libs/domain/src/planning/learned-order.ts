import { plural } from '../counting';
import type { MethodStat } from '../memory/memory';
import type { DomainPack } from './pack';
import { packMethods } from './pddl-pack/method-order';
import type { Plan } from './plan';
import { orderMethods } from './plan-goal';

/**
 * What goals before this one changed about a plan, in words: each choice that comes first for what was learned and would not have come
 * first without. Empty when nothing changed.
 */
export function learnedOrder(
  plan: Pick<Plan, 'pack' | 'choices'>,
  packs: readonly DomainPack[],
  stats: readonly MethodStat[],
): string[] {
  const pack = packs.find(({ name }) => name === plan.pack.name);
  const own = pack?.pddl ? packMethods(pack, pack.pddl) : (pack?.methods ?? []);
  const told = plan.choices.flatMap(({ task, method, alternatives }) => {
    const open = new Set([method, ...alternatives]);
    const methods = own.filter((one) => one.task === task && open.has(one.name));
    const usual = orderMethods(methods, [])[0]?.name;
    if (usual === undefined || usual === method || orderMethods(methods, stats)[0]?.name !== method) return [];
    return [
      `"${method}" before "${usual}" for ${task}: ${recordOf(task, method, stats)}, ${recordOf(task, usual, stats)}`,
    ];
  });
  return [...new Set(told)];
}

/** Counts fade with time, so that they are told in whole goals. */
function recordOf(task: string, method: string, stats: readonly MethodStat[]): string {
  const stat = stats.find((one) => one.task === task && one.method === method);
  const successes = Math.round(stat?.successes ?? 0);
  const goals = Math.round((stat?.successes ?? 0) + (stat?.failures ?? 0));
  if (goals > 0) return `"${method}" led ${successes} of ${plural(goals, 'goal')} to success`;
  return stat ? `"${method}" was not seen through for long` : `"${method}" was never seen through`;
}
