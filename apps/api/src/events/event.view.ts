import { toPublicId, type GoalEvent as GoalEventView } from '@goalkeeper/contracts';
import type { GoalEvent } from '@goalkeeper/persistence';

/** An event as clients see it; its id names it across all goals. */
export function toEventView(event: GoalEvent): GoalEventView {
  const goalId = toPublicId('goal', event.goalId);
  return {
    id: `evt_${goalId.slice('goal_'.length)}_${event.seq}`,
    seq: event.seq,
    type: event.type as GoalEventView['type'],
    time: event.time.toISOString(),
    goalId,
    stepId: event.stepId,
    actor: event.actor,
    data: event.data,
    schemaVersion: 1,
  };
}

/** One frame of a server-sent stream. */
export function toFrame(event: GoalEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(toEventView(event))}\n\n`;
}
