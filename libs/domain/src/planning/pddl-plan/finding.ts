import type { GroundTask } from '../pddl/model';

/** What of a plan a finding is about. Ids are the plan's own; a step of a classical plan counts from 1. */
export type PlanPlace =
  { readonly kind: 'action' | 'decomposition'; readonly id: number } | { readonly kind: 'roots' | 'goal' | 'plan' };

/** A rule of the domain or the problem that a plan breaks. */
export interface PlanFinding {
  readonly code:
    | 'plan.kind'
    | 'plan.tree'
    | 'plan.action'
    | 'plan.precondition'
    | 'plan.goal'
    | 'plan.task'
    | 'plan.method'
    | 'plan.member'
    | 'plan.constraint'
    | 'plan.ordering'
    | 'plan.method_precondition';
  readonly at: PlanPlace;
  readonly message: string;
}

/** `(drive truck1 a b)`. */
export function taskText({ name, args }: GroundTask): string {
  return `(${[name, ...args].join(' ')})`;
}
