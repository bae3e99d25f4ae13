import type { GroundTask } from '../pddl/model';
import type { PlanStep } from '../plan';
import { paramName } from './pack-of-domain';
import type { PddlGoal } from './problem-of-goal';

/** The action that a step of the plan is, in the terms of the domain; none when it has no such action. */
export function groundTask({ domain }: PddlGoal, operator: string, args: PlanStep['args']): GroundTask[] {
  const action = domain.actions.find(({ name }) => operator.endsWith(`.${name}`));
  if (!action) return [];
  const values = action.params.map(({ name }) => args[paramName(name)]);
  return [{ name: action.name, args: values.map((value) => (typeof value === 'string' ? value.toLowerCase() : '')) }];
}
