import type { Plan, PlanStep } from './plan';

/**
 * The steps that may start now: not done, not running, all that they come after done; in the plan's order.
 *
 * @param limit steps that may run at once; those running already count
 */
export function readySteps(
  plan: Plan,
  done: ReadonlySet<string>,
  running: ReadonlySet<string>,
  limit: number,
): readonly PlanStep[] {
  const free = Math.max(0, limit - running.size);
  return plan.steps
    .filter((step) => !done.has(step.id) && !running.has(step.id) && step.after.every((id) => done.has(id)))
    .slice(0, free);
}
