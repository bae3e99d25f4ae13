import { z } from 'zod';
import { publicId } from './ids';
import { JsonValue } from './json';

export const COMMAND_STATES = ['requested', 'applied', 'refused'] as const;

/** The body of cancel, pause and resume; it may be left out. */
export const CommandRequest = z
  .strictObject({ reason: z.string().max(500).default('') })
  .meta({ id: 'CommandRequest', description: 'Why; kept in the audit log and in the events' });
export type CommandRequest = z.output<typeof CommandRequest>;

export const CommandResponse = z
  .object({
    id: publicId('cmd'),
    goalId: publicId('goal'),
    kind: z.enum(['cancel', 'pause', 'resume', 'answer']),
    reason: z.string(),
    state: z.enum(COMMAND_STATES).meta({ description: '`applied` once the goal has acted on it' }),
    answer: JsonValue.nullable().meta({ description: 'What the goal said to it' }),
    createdAt: z.iso.datetime({ offset: true }),
    answeredAt: z.iso.datetime({ offset: true }).nullable(),
  })
  .meta({ id: 'Command' });
export type CommandResponse = z.output<typeof CommandResponse>;
