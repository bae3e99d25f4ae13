import {
  type ActionSequence,
  formatActionSequence,
  formatHierarchicalPlan,
  planCost,
  type PddlPlan,
  writtenNames,
} from '@goalkeeper/domain';
import type { PlanningTask } from './read-input';

/** The actions of a plan of either kind, in order. */
export function actionsOf({ kind, plan }: PddlPlan): ActionSequence {
  return kind === 'classical' ? plan : plan.actions.map(({ task }) => task);
}

/** A plan as a file, in the format of its kind and with names as the domain and the problem spell them. */
export function planText({ domain, problem }: PlanningTask, plan: PddlPlan): string {
  const written = writtenNames(domain, problem);
  if (plan.kind === 'hierarchical') return formatHierarchicalPlan(plan.plan, written);
  return formatActionSequence(plan.plan, planCost(domain, problem, plan.plan), written);
}
