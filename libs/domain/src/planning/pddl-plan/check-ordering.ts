import type { TaskNetwork } from '../pddl/model';
import { taskText } from './finding';
import type { PlanNode } from './plan-tree';

/**
 * Where the order of execution breaks the ordering of a network: an action below the later part that is not after every
 * action below the earlier one. An order that passes through parts without actions counts too.
 *
 * @param assigned part of the plan by member
 * @returns one sentence for each later part; empty when the ordering is kept
 */
export function orderingMistakes(network: TaskNetwork, assigned: ReadonlyMap<string, PlanNode>): string[] {
  const after = new Map<string, string[]>();
  const waitsFor = new Map(network.members.map(({ id }) => [id, 0]));
  for (const [earlier, later] of network.ordering) {
    const list = after.get(earlier);
    if (list) list.push(later);
    else after.set(earlier, [later]);
    waitsFor.set(later, (waitsFor.get(later) ?? 0) + 1);
  }
  const mistakes: string[] = [];
  const latestBefore = new Map<string, PlanNode>();
  const ready = network.members.filter(({ id }) => waitsFor.get(id) === 0).map(({ id }) => id);
  let seen = 0;
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    seen += 1;
    const node = assigned.get(id);
    const before = latestBefore.get(id);
    if (node && before && node.first <= before.last) mistakes.push(sentence(before, node));
    const latest = !before || (node && node.last > before.last) ? node : before;
    for (const later of after.get(id) ?? []) {
      const known = latestBefore.get(later);
      if (latest && latest.last > (known?.last ?? -1)) latestBefore.set(later, latest);
      waitsFor.set(later, (waitsFor.get(later) ?? 0) - 1);
      if (waitsFor.get(later) === 0) ready.push(later);
    }
  }
  if (seen < network.members.length) mistakes.push('the ordering of the network runs in a circle: no plan can keep it');
  return mistakes;
}

function sentence(earlier: PlanNode, later: PlanNode): string {
  const name = ({ id, task }: PlanNode): string => `${id} ${taskText(task)}`;
  return `${name(later)} begins before ${name(earlier)} has ended, which must come first`;
}
