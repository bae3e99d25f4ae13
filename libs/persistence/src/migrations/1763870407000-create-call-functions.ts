import type { MigrationInterface, QueryRunner } from 'typeorm';

const EVENTS = `
  -- Binds the transaction to a tenant, once: one that is bound already never changes over.
  CREATE FUNCTION gk_bind(p_tenant uuid) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    IF gk_tenant() <> p_tenant THEN
      RAISE EXCEPTION 'the transaction is bound to another tenant' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('gk.tenant', p_tenant::text, true);
  END $$;

  CREATE FUNCTION gk_is_terminal(of_state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN of_state IN ('succeeded', 'failed', 'cancelled', 'timed_out', 'budget_exceeded');

  -- Adds events and what they change on the goal (keys of GoalPatch). Numbers all of them under the lock of the goal's row:
  -- the sequence has no gap and readers see it in order. Null, and nothing stored, when the goal's state refuses.
  CREATE FUNCTION gk_append_events(p_goal uuid, p_events jsonb, p_patch jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    added integer := jsonb_array_length(p_events);
    to_state text := p_patch->>'state';
    bumped record;
  BEGIN
    UPDATE goal SET
      event_seq = event_seq + added,
      state = coalesce(to_state, state),
      failure = CASE WHEN p_patch ? 'failure' THEN nullif(p_patch->'failure', 'null'::jsonb) ELSE failure END,
      verified = coalesce((p_patch->>'verified')::boolean, verified),
      progress = coalesce((p_patch->>'progress')::double precision, progress),
      calls_made = calls_made + coalesce((p_patch->>'callsMadeAdd')::integer, 0),
      plan_revision = coalesce((p_patch->>'planRevision')::integer, plan_revision),
      result = coalesce(p_patch->'result', result),
      started_at = CASE WHEN started_at IS NULL AND to_state IN ('planning', 'running') THEN now() ELSE started_at END,
      finished_at = CASE WHEN gk_is_terminal(to_state) THEN now() ELSE finished_at END,
      updated_at = now()
    WHERE id = p_goal AND NOT coalesce(p_patch->'refuseWhen' ? state, false) AND coalesce(p_patch->'onlyWhen' ? state, true)
      AND (to_state IS NULL OR NOT gk_is_terminal(state))
    RETURNING event_seq, month, tenant_id INTO bumped;
    IF NOT FOUND THEN RETURN NULL; END IF;
    INSERT INTO goal_event (tenant_id, goal_id, seq, month, type, step_id, actor, data)
    SELECT bumped.tenant_id, p_goal, bumped.event_seq - added + e.n, bumped.month,
      e.event->>'type', e.event->>'stepId', coalesce(e.event->>'actor', 'system'), e.event->'data'
    FROM jsonb_array_elements(p_events) WITH ORDINALITY AS e (event, n);
    RETURN bumped.event_seq;
  END $$;

  -- Adds judgements to the observations of their calls that have none yet. Row by row, so that each is found by its key.
  CREATE FUNCTION gk_save_analyses(p_goal uuid, p_analyses jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    of_month date;
    judged jsonb;
  BEGIN
    IF coalesce(jsonb_array_length(p_analyses), 0) = 0 THEN RETURN; END IF;
    SELECT month INTO of_month FROM goal WHERE id = p_goal;
    FOR judged IN SELECT jsonb_array_elements(p_analyses) LOOP
      UPDATE observation SET analysis = judged - 'callNo'
      WHERE goal_id = p_goal AND month = of_month AND step_id = judged->>'stepId' AND call_no = (judged->>'callNo')::integer
        AND analysis IS NULL;
    END LOOP;
  END $$;`;

const CLAIM = `
  -- Whoever inserts the row, or finds it planned or failed (known not to have happened), dispatches; a begun effect is dispatched
  -- again only where its class makes a repeat harmless. Concurrent claims take turns.
  CREATE FUNCTION gk_claim_effect(p_goal uuid, p_claim jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    mine uuid := gen_random_uuid();
    answer jsonb;
  BEGIN
    INSERT INTO effect AS e (tenant_id, key, goal_id, step_id, lineage, tool, intent, occurrence, class, state, attempts, claim, dispatched_at)
    SELECT tenant_id, p_claim->>'key', id, p_claim->>'stepId', p_claim->>'lineage', p_claim->>'tool', p_claim->>'intent',
      (p_claim->>'occurrence')::integer, p_claim->>'class', 'dispatched', 1, mine, clock_timestamp()
    FROM goal WHERE id = p_goal
    ON CONFLICT (tenant_id, key) DO UPDATE SET
      claim = CASE WHEN GRANTABLE THEN excluded.claim ELSE e.claim END,
      attempts = e.attempts + CASE WHEN GRANTABLE THEN 1 ELSE 0 END,
      dispatched_at = CASE WHEN GRANTABLE THEN excluded.dispatched_at ELSE e.dispatched_at END,
      state = CASE WHEN GRANTABLE THEN 'dispatched' ELSE e.state END
    RETURNING jsonb_build_object('granted', claim = mine, 'state', state, 'result', result, 'attempts', attempts) INTO answer;
    RETURN answer;
  END $$;`.replaceAll(
  'GRANTABLE',
  `(e.state IN ('planned', 'failed') OR (e.state = 'dispatched' AND e.class <> 'once'))`,
);

const BEGIN = `
  -- Outputs of the succeeded steps among those asked for, by step id.
  CREATE FUNCTION gk_step_outputs(p_tenant uuid, p_goal uuid, p_steps jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM gk_bind(p_tenant);
    RETURN (SELECT coalesce(jsonb_object_agg(id, coalesce(output, '{}')), '{}') FROM step
      WHERE goal_id = p_goal AND state = 'succeeded' AND p_steps ? id);
  END $$;

  -- Marks a step as running, stores decision and action, tells the goal's readers and enters the effect in the ledger. Answers
  -- with what is stored, and changes nothing, when this call or the whole step is finished. The lock on the step's row makes
  -- two workers with the same call take turns.
  CREATE FUNCTION gk_begin_call(p_tenant uuid, p_goal uuid, p_call jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    of_step text := p_call->>'stepId';
    of_call integer := (p_call->>'callNo')::integer;
    tries integer;
    claimed jsonb;
    answer jsonb;
  BEGIN
    PERFORM gk_bind(p_tenant);
    INSERT INTO step (tenant_id, goal_id, id, label, operator, summary, state, revision, calls, attempts, tool, started_at)
    SELECT tenant_id, id, of_step, p_call->>'label', p_call->>'operator', p_call->>'summary', 'running',
      (p_call->>'planRevision')::integer, of_call, 1, p_call->>'tool', now()
    FROM goal WHERE id = p_goal
    ON CONFLICT (goal_id, id) DO UPDATE SET
      state = 'running', attempts = step.attempts + 1, calls = greatest(step.calls, excluded.calls), tool = excluded.tool,
      started_at = coalesce(step.started_at, excluded.started_at)
    WHERE step.state <> 'succeeded' AND step.finished_call < of_call
    RETURNING attempts INTO tries;
    IF NOT FOUND THEN
      SELECT jsonb_build_object('attempts', 0, 'stored', o.body) INTO answer FROM observation o JOIN goal g ON g.id = p_goal
      WHERE o.goal_id = p_goal AND o.month = g.month AND o.step_id = of_step
      ORDER BY o.call_no = of_call DESC, o.outcome = 'success' DESC, o.call_no DESC LIMIT 1;
      RETURN answer;
    END IF;
    INSERT INTO decision (tenant_id, goal_id, step_id, call_no, body)
    VALUES (p_tenant, p_goal, of_step, of_call, p_call->'decision') ON CONFLICT DO NOTHING;
    INSERT INTO action (tenant_id, goal_id, step_id, call_no, tool, args, idempotency_key)
    VALUES (p_tenant, p_goal, of_step, of_call, p_call->>'tool', p_call->'args', p_call->>'idempotencyKey')
    ON CONFLICT (goal_id, step_id, call_no) DO UPDATE SET attempts = action.attempts + 1;
    IF p_call ? 'claim' THEN claimed := gk_claim_effect(p_goal, p_call->'claim'); END IF;
    IF p_call ? 'started' AND gk_append_events(p_goal,
      jsonb_build_array(CASE WHEN tries > 1 THEN jsonb_set(p_call->'begunAgain', '{data,attempt}', to_jsonb(tries)) ELSE p_call->'started' END),
      jsonb_build_object('refuseWhen', p_call->'refuseWhen')) IS NULL
    THEN
      RAISE EXCEPTION 'goal % takes no further call', p_goal USING ERRCODE = 'GK409';
    END IF;
    RETURN jsonb_build_object('attempts', tries, 'stored', NULL, 'claimed', claimed);
  END $$;`;

/** For the migration that replaces it, which has to be undone too. */
export const FINISH = `
  -- Stores what came back and all that follows from it. Where another attempt at the call has stored its result before, that one
  -- stays and is the answer; the ledger alone still learns of a confirmed effect.
  CREATE FUNCTION gk_finish_call(p_tenant uuid, p_goal uuid, p_call jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    of_step text := p_call->>'stepId';
    of_call integer := (p_call->>'callNo')::integer;
    of_month date;
    is_first boolean;
    created jsonb;
    known jsonb;
  BEGIN
    PERFORM gk_bind(p_tenant);
    SELECT month INTO of_month FROM goal WHERE id = p_goal;
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
    IF jsonb_array_length(p_call->'files') > 0 THEN
      WITH listed AS (
        INSERT INTO artifact (id, tenant_id, goal_id, step_id, name, media_type, size_bytes, sha256, direction)
        SELECT (f->>'id')::uuid, p_tenant, p_goal, of_step, f->>'name', f->>'mediaType', (f->>'sizeBytes')::bigint, f->>'sha256', 'out'
        FROM jsonb_array_elements(p_call->'files') AS f ON CONFLICT DO NOTHING RETURNING id
      )
      SELECT jsonb_agg(f->'event' ORDER BY n) INTO created
      FROM jsonb_array_elements(p_call->'files') WITH ORDINALITY AS file (f, n) JOIN listed ON listed.id = (f->>'id')::uuid;
    END IF;
    -- Last, so that the goal's row is locked briefly.
    IF gk_append_events(p_goal, p_call->'eventsBefore' || coalesce(created, '[]') || (p_call->'eventsAfter'),
      jsonb_build_object('callsMadeAdd', 1, 'refuseWhen', coalesce(p_call->'refuseWhen', '[]'))) IS NULL
    THEN
      RAISE EXCEPTION 'goal % takes no further result', p_goal USING ERRCODE = 'GK409';
    END IF;
    RETURN jsonb_build_object('end', 'stored');
  END $$;`;

/**
 * The hot path of a call as functions: each binds itself to the tenant, so that one statement, and with it one round trip and
 * one transaction, does what took five. They run under the rights, and behind the walls, of whoever calls them.
 */
export class CreateCallFunctions1763870407000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [EVENTS, CLAIM, BEGIN, FINISH]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_finish_call(uuid, uuid, jsonb);
      DROP FUNCTION gk_step_outputs(uuid, uuid, jsonb);
      DROP FUNCTION gk_begin_call(uuid, uuid, jsonb);
      DROP FUNCTION gk_claim_effect(uuid, jsonb);
      DROP FUNCTION gk_save_analyses(uuid, jsonb);
      DROP FUNCTION gk_append_events(uuid, jsonb, jsonb);
      DROP FUNCTION gk_is_terminal(text);
      DROP FUNCTION gk_bind(uuid);
    `);
  }
}
