import type { JsonObject } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, rows, text } from '../sql';
import { GoalCommandRow } from './command.entity';

export type CommandState = 'requested' | 'applied' | 'refused';

/** What a client told a goal: `cancel`, `pause`, `resume`, … Stored before the workflow hears of it. */
export interface NewCommand {
  readonly id: string;
  readonly goalId: string;
  readonly kind: string;
  readonly reason: string;
  readonly payload?: JsonObject | null;
  readonly requestedBy: string;
}

export interface CommandRecord {
  readonly id: string;
  readonly goalId: string;
  readonly kind: string;
  readonly reason: string;
  readonly payload: JsonObject | null;
  readonly requestedBy: string;
  readonly state: CommandState;
  readonly answer: JsonObject | null;
  readonly createdAt: Date;
  readonly answeredAt: Date | null;
}

export class CommandRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Stores a command once. One statement. False when one of that id is stored, or the goal is not there. */
  async add(command: NewCommand): Promise<boolean> {
    const added = await rows(
      this.tx,
      `INSERT INTO goal_command (id, tenant_id, goal_id, kind, reason, payload, requested_by)
       SELECT $1::uuid, tenant_id, id, $3::text, $4::text, $5::jsonb, $6::text FROM goal WHERE id = $2 ON CONFLICT (id) DO NOTHING RETURNING id`,
      [command.id, command.goalId, command.kind, text(command.reason), json(command.payload), command.requestedBy],
    );
    return added.length === 1;
  }

  /** The command, or null when the tenant has none of that id. One statement. */
  async get(commandId: string): Promise<CommandRecord | null> {
    return this.tx.findOneBy(GoalCommandRow, { id: commandId });
  }

  /** Commands to a goal that nobody has answered, oldest first. One statement. */
  async open(goalId: string): Promise<CommandRecord[]> {
    return this.tx.find(GoalCommandRow, {
      where: { goalId, state: 'requested' },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  /** Records the answer; the first one stays. One statement. False when it was answered before. */
  async answer(commandId: string, state: 'applied' | 'refused', answer: JsonObject = {}): Promise<boolean> {
    const changed = await rows(
      this.tx,
      `UPDATE goal_command SET state = $2, answer = $3, answered_at = now() WHERE id = $1 AND state = 'requested' RETURNING id`,
      [commandId, state, json(answer)],
    );
    return changed.length === 1;
  }
}
