import { type Blame, blameOf } from '../observation/blame';
import { NoPlanError } from '../errors';
import type { JsonObject } from '../json';
import type { Plan, PlanFault } from './plan';

/** What helps depends on where the cause lies. */
const REMEDIES: Readonly<Record<Blame, string>> = {
  input: 'Change what the goal is given, as the message says, and state it again.',
  world: 'Nothing is wrong with the goal itself: state it again once what stands in its way is gone.',
  tool: 'Mend or replace the tool that failed, or try again later: state the goal again then.',
};

/** A goal whose plan cannot be repaired: every way around its faults is used up. */
export function noWayLeft(
  plan: Pick<Plan, 'task' | 'steps' | 'revision'>,
  faults: readonly PlanFault[],
  details: JsonObject,
): NoPlanError {
  const what = faults.map(({ stepId, code, message }) => {
    const label = plan.steps.find(({ id }) => id === stepId)?.label ?? stepId;
    return `"${label}" failed (${code}: ${message})`;
  });
  const told = faults.map(({ stepId, code, message }) => ({ stepId, code, message }));
  const last = faults.at(-1);
  return new NoPlanError(
    `No other way is left after ${what.join(', ')}`,
    { task: plan.task.name, revision: plan.revision, faults: told, ...details },
    REMEDIES[last ? blameOf(last) : 'tool'],
  );
}
