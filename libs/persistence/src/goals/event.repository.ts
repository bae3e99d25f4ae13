import { TERMINAL_STATES, type JsonObject } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { GoalNotFoundError } from '../errors';
import { json, prepared, row, rows } from '../sql';
import type { GoalEvent, GoalPatch, NewEvent } from './event';

/** Number all events under the lock of their goal's row: the sequence has no gap and readers see it in order. */
const APPEND = prepared(
  'append_events',
  `
  WITH bumped AS (
    UPDATE goal SET
      event_seq = event_seq + jsonb_array_length($2::jsonb),
      state = coalesce($3::text, state),
      failure = CASE WHEN $4::jsonb IS NULL THEN failure ELSE nullif($4::jsonb, 'null'::jsonb) END,
      verified = coalesce($5::boolean, verified),
      progress = coalesce($6::double precision, progress),
      calls_made = calls_made + $7::integer,
      plan_revision = coalesce($8::integer, plan_revision),
      result = coalesce($9::jsonb, result),
      started_at = CASE WHEN started_at IS NULL AND $3::text IN ('planning', 'running') THEN now() ELSE started_at END,
      finished_at = CASE WHEN $3::text = ANY ($10::text[]) THEN now() ELSE finished_at END,
      updated_at = now()
    WHERE id = $1 AND NOT state = ANY ($11::text[]) AND ($12::text[] IS NULL OR state = ANY ($12::text[]))
      AND ($3::text IS NULL OR NOT state = ANY ($10::text[]))
    RETURNING event_seq, month, tenant_id
  ), added AS (
    INSERT INTO goal_event (tenant_id, goal_id, seq, month, type, step_id, actor, data)
    SELECT b.tenant_id, $1, b.event_seq - jsonb_array_length($2::jsonb) + e.n, b.month,
      e.event->>'type', e.event->>'stepId', e.event->>'actor', e.event->'data'
    FROM bumped b, jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e (event, n)
  )
  SELECT event_seq FROM bumped`,
);

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
    const stored = await row<{ event_seq: string }>(this.tx, APPEND, [
      goalId,
      json(events.map(({ type, stepId = null, actor = 'system', data }) => ({ type, stepId, actor, data }))),
      patch.state ?? null,
      patch.failure === undefined ? null : (json(patch.failure) ?? 'null'),
      patch.verified ?? null,
      patch.progress ?? null,
      patch.callsMadeAdd ?? 0,
      patch.planRevision ?? null,
      json(patch.result),
      TERMINAL_STATES,
      patch.refuseWhen ?? [],
      patch.onlyWhen ?? null,
    ]);
    if (stored) return Number(stored.event_seq);
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
