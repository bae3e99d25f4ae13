import { z } from 'zod';
import { publicId } from './ids';
import { JsonRecord } from './json';

/** Every kind of event a goal can have; new kinds may be added, none is renamed. */
export const EVENT_TYPES = [
  'goal.created',
  'goal.state_changed',
  'goal.steered',
  'goal.child_started',
  'goal.verified',
  'plan.proposed',
  'plan.revised',
  'plan.approved',
  'step.started',
  'step.retrying',
  'step.completed',
  'step.failed',
  'step.skipped',
  'tool.requested',
  'tool.completed',
  'effect.recorded',
  'observation.recorded',
  'activity.attempt_failed',
  'input.requested',
  'input.answered',
  'input.expired',
  'approval.requested',
  'approval.decided',
  'approval.expired',
  'message.completed',
  'usage.updated',
  'budget.threshold',
  'memory.written',
  'artifact.created',
  'stream.gap',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export const GoalEvent = z
  .object({
    id: z.string().meta({ examples: ['evt_01936d3e9f4a7c10b2a45d6e7f8091a2_42'] }),
    seq: z.int().min(1).meta({ description: 'Gapless per goal, from 1; the id of the SSE frame' }),
    type: z.enum(EVENT_TYPES).meta({ id: 'EventType' }),
    time: z.iso.datetime({ offset: true }),
    goalId: publicId('goal'),
    stepId: z.string().nullable(),
    actor: z.string().meta({ description: 'Who caused it: a token, the workflow, a tool' }),
    data: JsonRecord,
    schemaVersion: z.literal(1),
  })
  .meta({ id: 'GoalEvent' });
export type GoalEvent = z.output<typeof GoalEvent>;

export const EventsQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Events with a higher seq; Last-Event-ID wins' }),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export type EventsQuery = z.output<typeof EventsQuery>;

export const EventPage = z
  .object({ data: z.array(GoalEvent), page: z.object({ next: z.int().nullable(), hasMore: z.boolean() }) })
  .meta({ id: 'EventPage', description: '`page.next` is the `after` of the next page' });
export type EventPage = z.output<typeof EventPage>;
