import type { JsonObject } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { GoalNotFoundError } from '../errors';
import { json, prepared, row, rows } from '../sql';
import type { GoalEvent, GoalPatch, NewEvent } from './event';

/** Numbers all events under the lock of their goal's row: the sequence has no gap and readers see it in order. */
const APPEND = prepared('append_events', `SELECT gk_append_events($1, $2, $3) AS event_seq`);

const PAGE = prepared(
  'page_events',
  `
  SELECT seq, type, step_id, actor, data, created_at FROM goal_event
  WHERE goal_id = $1 AND month = (SELECT month FROM goal WHERE id = $1) AND seq > $2
  ORDER BY seq LIMIT $3`,
);

/** The events of goals: append-only, numbered from 1 without gaps. */
export class EventRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Adds events and what they change on the goal. One statement.
   *
   * @param events at least one, in the order they happened
   * @returns the last event's number, or null when the goal's state refused (see {@link GoalPatch}) and nothing was stored
   * @throws {GoalNotFoundError}
   */
  async append(goalId: string, events: readonly NewEvent[], patch: GoalPatch = {}): Promise<number | null> {
    const stored = await row<{ event_seq: string | null }>(this.tx, APPEND, [goalId, json(events), json(patch)]);
    if (stored?.event_seq) return Number(stored.event_seq);
    if (await row(this.tx, 'SELECT 1 FROM goal WHERE id = $1', [goalId])) return null;
    throw new GoalNotFoundError(goalId);
  }

  /** The events after number `afterSeq`, oldest first, `limit` at most. One statement. */
  async page(goalId: string, afterSeq: number, limit: number): Promise<GoalEvent[]> {
    const found = await rows<EventRowData>(this.tx, PAGE, [goalId, afterSeq, limit]);
    return found.map((event) => ({
      seq: Number(event.seq),
      goalId,
      type: event.type,
      stepId: event.step_id,
      actor: event.actor,
      data: event.data,
      time: event.created_at,
    }));
  }
}

interface EventRowData {
  seq: string;
  type: string;
  step_id: string | null;
  actor: string;
  data: JsonObject;
  created_at: Date;
}
