import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FINISH as FINISH_BEFORE } from './1763870407000-create-call-functions';

const TELL = `
  -- Lists the files that came of a call and tells the goal's readers of the result; the end of what is stored of it, so that the
  -- goal's row is locked briefly.
  CREATE FUNCTION gk_tell_result(p_goal uuid, p_call jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE created jsonb;
  BEGIN
    IF jsonb_array_length(p_call->'files') > 0 THEN
      WITH listed AS (
        INSERT INTO artifact (id, tenant_id, goal_id, step_id, name, media_type, size_bytes, sha256, direction)
        SELECT (f->>'id')::uuid, gk_tenant(), p_goal, p_call->>'stepId', f->>'name', f->>'mediaType', (f->>'sizeBytes')::bigint,
          f->>'sha256', 'out'
        FROM jsonb_array_elements(p_call->'files') AS f ON CONFLICT DO NOTHING RETURNING id
      )
      SELECT jsonb_agg(f->'event' ORDER BY n) INTO created
      FROM jsonb_array_elements(p_call->'files') WITH ORDINALITY AS file (f, n) JOIN listed ON listed.id = (f->>'id')::uuid;
    END IF;
    IF gk_append_events(p_goal, p_call->'eventsBefore' || coalesce(created, '[]') || (p_call->'eventsAfter'),
      jsonb_build_object('callsMadeAdd', 1, 'refuseWhen', coalesce(p_call->'refuseWhen', '[]'))) IS NULL
    THEN
      RAISE EXCEPTION 'goal % takes no further result', p_goal USING ERRCODE = 'GK409';
    END IF;
  END $$;`;

const FINISH = `
  -- As before, but the step's row is locked first: two attempts at one call that end together take turns.
  CREATE OR REPLACE FUNCTION gk_finish_call(p_tenant uuid, p_goal uuid, p_call jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    of_step text := p_call->>'stepId';
    of_call integer := (p_call->>'callNo')::integer;
    of_month date;
    is_first boolean;
    known jsonb;
  BEGIN
    PERFORM gk_bind(p_tenant);
    SELECT month INTO of_month FROM goal WHERE id = p_goal;
    PERFORM FROM step WHERE goal_id = p_goal AND id = of_step FOR UPDATE;
    INSERT INTO observation (tenant_id, goal_id, step_id, call_no, month, outcome, body)
    VALUES (p_tenant, p_goal, of_step, of_call, of_month, p_call->'observation'->>'outcome', p_call->'observation') ON CONFLICT DO NOTHING;
    is_first := FOUND;
    -- Rows are locked in the order of gk_begin_call: step, action, effect, goal.
    IF is_first THEN
      UPDATE step SET state = p_call->>'state', output = coalesce(nullif(p_call->'output', 'null'::jsonb), output),
        summary = p_call->'observation'->>'summary', attempts = 0, finished_call = greatest(finished_call, of_call),
        calls = greatest(calls, of_call), finished_at = clock_timestamp()
      WHERE goal_id = p_goal AND id = of_step AND state <> 'succeeded';
      UPDATE action SET outcome = p_call->'observation'->>'outcome', finished_at = clock_timestamp()
      WHERE goal_id = p_goal AND step_id = of_step AND call_no = of_call;
    END IF;
    IF p_call ? 'effect' THEN
      UPDATE effect SET state = p_call->'effect'->>'state', result = nullif(p_call->'effect'->'result', 'null'::jsonb),
        settled_at = clock_timestamp()
      WHERE tenant_id = p_tenant AND key = p_call->'effect'->>'key' AND state <> 'confirmed';
    END IF;
    PERFORM gk_save_analyses(p_goal, p_call->'analyses');
    IF NOT is_first THEN
      SELECT body INTO known FROM observation WHERE goal_id = p_goal AND month = of_month AND step_id = of_step AND call_no = of_call;
      RETURN jsonb_build_object('end', 'known', 'observation', known);
    END IF;
    PERFORM gk_tell_result(p_goal, p_call);
    RETURN jsonb_build_object('end', 'stored');
  END $$;`;

const OPEN = `
  -- Begins a call whose result is stored in the same transaction: locks its step and its effect and says what is known of them. It
  -- writes next to nothing, for nobody would see it before the end. Null when the goal is not there.
  CREATE FUNCTION gk_open_call(p_tenant uuid, p_goal uuid, p_call jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    of_step text := p_call->>'stepId';
    of_call integer := (p_call->>'callNo')::integer;
    of_goal record;
    known record;
    entered record;
    is_done boolean;
    claimed jsonb;
  BEGIN
    PERFORM gk_bind(p_tenant);
    SELECT month, state INTO of_goal FROM goal WHERE id = p_goal;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT state, finished_call, attempts INTO known FROM step WHERE goal_id = p_goal AND id = of_step FOR UPDATE;
    IF NOT FOUND THEN
      -- Twice at once: the second waits here for the first, and finds what it left.
      INSERT INTO step (tenant_id, goal_id, id, label, operator, summary, state, revision)
      VALUES (p_tenant, p_goal, of_step, p_call->>'label', p_call->>'operator', p_call->>'summary', 'pending',
        (p_call->>'planRevision')::integer) ON CONFLICT (goal_id, id) DO UPDATE SET id = step.id
      RETURNING state, finished_call, attempts INTO known;
    END IF;
    is_done := known.state = 'succeeded' OR known.finished_call >= of_call;
    IF is_done THEN
      RETURN (SELECT jsonb_build_object('attempts', 0, 'stored', body) FROM observation
        WHERE goal_id = p_goal AND month = of_goal.month AND step_id = of_step
        ORDER BY call_no = of_call DESC, outcome = 'success' DESC, call_no DESC LIMIT 1);
    END IF;
    IF p_call->'refuseWhen' ? of_goal.state THEN
      RAISE EXCEPTION 'goal % takes no further call', p_goal USING ERRCODE = 'GK409';
    END IF;
    IF p_call ? 'effectKey' THEN
      SELECT state, class, result, attempts INTO entered FROM effect
      WHERE tenant_id = p_tenant AND key = p_call->>'effectKey' FOR UPDATE;
      claimed := CASE WHEN NOT FOUND
        THEN jsonb_build_object('granted', true, 'state', 'dispatched', 'result', NULL, 'attempts', 1)
        WHEN GRANTABLE
        THEN jsonb_build_object('granted', true, 'state', 'dispatched', 'result', entered.result, 'attempts', entered.attempts + 1)
        ELSE jsonb_build_object('granted', false, 'state', entered.state, 'result', entered.result, 'attempts', entered.attempts) END;
    END IF;
    RETURN jsonb_build_object('attempts', known.attempts + 1, 'stored', NULL, 'claimed', claimed);
  END $$;`.replaceAll(
  'GRANTABLE',
  `entered.state IN ('planned', 'failed') OR (entered.state = 'dispatched' AND entered.class <> 'once')`,
);

const CLOSE = `
  -- Stores a call that gk_open_call began, with its result, each row once and as it ends.
  CREATE FUNCTION gk_close_call(p_tenant uuid, p_goal uuid, p_call jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    of_step text := p_call->>'stepId';
    of_call integer := (p_call->>'callNo')::integer;
    came_to text := p_call->'observation'->>'outcome';
    claim jsonb := p_call->'claim';
  BEGIN
    PERFORM gk_bind(p_tenant);
    UPDATE step SET state = p_call->>'state', output = coalesce(nullif(p_call->'output', 'null'::jsonb), output),
      summary = p_call->'observation'->>'summary', attempts = 0, finished_call = greatest(finished_call, of_call),
      calls = greatest(calls, of_call), tool = p_call->>'tool', started_at = coalesce(started_at, now()),
      finished_at = clock_timestamp()
    WHERE goal_id = p_goal AND id = of_step;
    INSERT INTO decision (tenant_id, goal_id, step_id, call_no, body)
    VALUES (p_tenant, p_goal, of_step, of_call, p_call->'decision') ON CONFLICT DO NOTHING;
    INSERT INTO action (tenant_id, goal_id, step_id, call_no, tool, args, idempotency_key, outcome, started_at, finished_at)
    VALUES (p_tenant, p_goal, of_step, of_call, p_call->>'tool', p_call->'args', p_call->>'idempotencyKey', came_to, now(),
      clock_timestamp())
    ON CONFLICT (goal_id, step_id, call_no) DO UPDATE SET
      attempts = action.attempts + 1, outcome = excluded.outcome, finished_at = excluded.finished_at;
    IF p_call ? 'effect' THEN
      INSERT INTO effect (tenant_id, key, goal_id, step_id, lineage, tool, intent, occurrence, class, state, result, attempts,
        claim, dispatched_at, settled_at)
      VALUES (p_tenant, p_call->'effect'->>'key', p_goal, of_step, claim->>'lineage', claim->>'tool', claim->>'intent',
        (claim->>'occurrence')::integer, claim->>'class', p_call->'effect'->>'state',
        nullif(p_call->'effect'->'result', 'null'::jsonb), 1, gen_random_uuid(), now(), clock_timestamp())
      ON CONFLICT (tenant_id, key) DO UPDATE SET
        state = excluded.state, result = excluded.result, attempts = effect.attempts + 1, claim = excluded.claim,
        dispatched_at = excluded.dispatched_at, settled_at = excluded.settled_at
      WHERE effect.state <> 'confirmed';
      -- It was not there when this call began, and somebody else made it happen meanwhile: nothing of this call is kept.
      IF NOT FOUND THEN RAISE EXCEPTION 'the effect was confirmed meanwhile' USING ERRCODE = 'serialization_failure'; END IF;
    END IF;
    INSERT INTO observation (tenant_id, goal_id, step_id, call_no, month, outcome, body)
    SELECT p_tenant, p_goal, of_step, of_call, month, came_to, p_call->'observation' FROM goal WHERE id = p_goal;
    PERFORM gk_save_analyses(p_goal, p_call->'analyses');
    PERFORM gk_tell_result(p_goal, p_call);
    RETURN jsonb_build_object('end', 'stored');
  END $$;`;

/**
 * A call that begins and ends in one transaction writes every row once: what its beginning would write, nobody could see. A call
 * that goes out between two transactions is stored as before.
 */
export class WriteCallsOnce1763870410000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [TELL, FINISH, OPEN, CLOSE]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_close_call(uuid, uuid, jsonb);
      DROP FUNCTION gk_open_call(uuid, uuid, jsonb);
      DROP FUNCTION gk_finish_call(uuid, uuid, jsonb);
      DROP FUNCTION gk_tell_result(uuid, jsonb);
    `);
    await db.query(FINISH_BEFORE);
  }
}
