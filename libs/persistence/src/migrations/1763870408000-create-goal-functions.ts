import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The final states, as a migration found them: it never changes with the code. */
const ENDED = `'["succeeded", "failed", "cancelled", "timed_out", "budget_exceeded"]'::jsonb`;

const RECALL = `
  -- Episodes that share words with the goal (every stem of its words, any of which may match) or did the same task, best match
  -- first; and what tools and methods have shown so far.
  CREATE FUNCTION gk_recall(p_tenant uuid, p_goal uuid, p_query jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    at_most integer := (p_query->>'limit')::integer;
    asked tsquery;
    episodes jsonb;
  BEGIN
    PERFORM gk_bind(p_tenant);
    SELECT string_agg('''' || replace(replace(stem, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery INTO asked
    FROM unnest(tsvector_to_array(to_tsvector('english', p_query->>'words'))) AS stem;
    WITH by_words AS (
      SELECT e.id, ts_rank(e.words, asked) AS rank FROM episode e
      WHERE e.words @@ asked ORDER BY rank DESC, e.created_at DESC LIMIT at_most
    ), by_task AS (
      SELECT e.id FROM episode e WHERE e.task_name = p_query->>'task' ORDER BY e.created_at DESC LIMIT at_most
    ), found AS (
      SELECT e.*, coalesce(w.rank, 0)::double precision AS rank FROM episode e LEFT JOIN by_words w ON w.id = e.id
      WHERE e.id IN (SELECT id FROM by_words UNION SELECT id FROM by_task)
      ORDER BY rank DESC, e.created_at DESC, e.id LIMIT at_most
    )
    SELECT jsonb_agg(jsonb_build_object('id', id, 'goalId', goal_id, 'objective', objective, 'task', task, 'outcome', outcome,
      'methods', methods, 'rank', rank) ORDER BY rank DESC, created_at DESC, id) INTO episodes FROM found;
    RETURN jsonb_build_object('episodes', coalesce(episodes, '[]'),
      'toolStats', coalesce((SELECT jsonb_agg(jsonb_build_object('tool', tool, 'successes', successes, 'failures', failures,
        'meanDurationMs', duration_ms / greatest(successes + failures, 1)) ORDER BY tool) FROM tool_stat), '[]'),
      'methodStats', coalesce((SELECT jsonb_agg(jsonb_build_object('task', task, 'method', method, 'successes', successes,
        'failures', failures) ORDER BY task, method) FROM method_stat), '[]'));
  END $$;`;

const PLAN = `
  -- The latest plan with what is done of it; nulls before the first. Judgements that waited are stored on the way.
  CREATE FUNCTION gk_plan_state(p_tenant uuid, p_goal uuid, p_ask jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE latest jsonb;
  BEGIN
    PERFORM gk_bind(p_tenant);
    PERFORM gk_save_analyses(p_goal, p_ask->'analyses');
    SELECT body INTO latest FROM plan WHERE goal_id = p_goal ORDER BY revision DESC LIMIT 1;
    IF NOT FOUND THEN RETURN jsonb_build_object('plan', NULL); END IF;
    RETURN jsonb_build_object('plan', latest,
      'succeeded', coalesce((SELECT jsonb_agg(id ORDER BY position, id) FROM step WHERE goal_id = p_goal AND state = 'succeeded'), '[]'),
      'observations', coalesce((SELECT jsonb_agg(o.body ORDER BY o.created_at, o.step_id, o.call_no)
        FROM observation o JOIN goal g ON g.id = o.goal_id AND g.month = o.month WHERE o.goal_id = p_goal), '[]'),
      'callsMade', (SELECT calls_made FROM goal WHERE id = p_goal));
  END $$;`;

/** For the migration that replaces it, which has to be undone too. */
export const STORE_PLAN = `
  -- Stores a revision and its steps as pending, and tells the goal's readers; steps that succeeded stay so, steps it no longer has
  -- are skipped. A revision that is stored already changes nothing: false. Null when the goal is not there. An attempt that nobody
  -- waits for any more tells nothing behind the goal's end.
  CREATE FUNCTION gk_store_plan(p_tenant uuid, p_goal uuid, p_plan jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE of_revision integer := (p_plan->'plan'->>'revision')::integer;
  BEGIN
    PERFORM gk_bind(p_tenant);
    INSERT INTO plan (tenant_id, goal_id, revision, body, reason, diff)
    SELECT tenant_id, id, of_revision, p_plan->'plan', p_plan->'plan'->>'reason', nullif(p_plan->'diff', 'null'::jsonb)
    FROM goal WHERE id = p_goal ON CONFLICT (goal_id, revision) DO NOTHING;
    IF NOT FOUND THEN RETURN (SELECT to_jsonb(false) FROM goal WHERE id = p_goal); END IF;
    INSERT INTO step (tenant_id, goal_id, id, position, label, operator, summary, state, revision)
    SELECT p_tenant, p_goal, s.step->>'id', s.n, s.step->>'label', s.step->>'operator', s.step->>'summary', 'pending', of_revision
    FROM jsonb_array_elements(p_plan->'plan'->'steps') WITH ORDINALITY AS s (step, n)
    ON CONFLICT (goal_id, id) DO UPDATE SET
      position = excluded.position, label = excluded.label, operator = excluded.operator, revision = excluded.revision,
      state = CASE WHEN step.state = 'succeeded' THEN 'succeeded' ELSE 'pending' END,
      attempts = CASE WHEN step.state = 'succeeded' THEN step.attempts ELSE 0 END;
    IF of_revision > 1 THEN
      UPDATE step SET state = 'skipped' WHERE goal_id = p_goal AND state <> 'succeeded'
        AND NOT id = ANY (SELECT s.step->>'id' FROM jsonb_array_elements(p_plan->'plan'->'steps') AS s (step));
    END IF;
    PERFORM gk_append_events(p_goal, p_plan->'events', jsonb_build_object('planRevision', of_revision, 'refuseWhen', ENDED));
    -- Somebody may have stopped or paused the goal while it was planned; that stands.
    PERFORM gk_append_events(p_goal, p_plan->'running', '{"state": "running", "refuseWhen": ["cancelling", "paused"]}');
    RETURN to_jsonb(true);
  END $$;`.replaceAll('ENDED', ENDED);

const VERIFICATION = `
  -- Outputs of the steps that succeeded, by label, and the files that came of them, oldest first.
  CREATE FUNCTION gk_work_done(p_tenant uuid, p_goal uuid, p_ask jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM gk_bind(p_tenant);
    RETURN jsonb_build_object(
      'outputs', coalesce((SELECT jsonb_object_agg(label, coalesce(output, '{}') ORDER BY position, id) FROM step
        WHERE goal_id = p_goal AND state = 'succeeded'), '{}'),
      'produced', coalesce((SELECT jsonb_agg(jsonb_build_object('id', id, 'name', name, 'mediaType', media_type, 'sizeBytes', size_bytes,
        'sha256', sha256) ORDER BY created_at, id) FROM artifact WHERE goal_id = p_goal AND direction = 'out'), '[]'));
  END $$;

  -- Stores or replaces the finding for a revision (a repeated check may see more), and tells the goal's readers; a check that is
  -- repeated after a crash and finds the same tells it once, and one that comes in behind the goal's end changes nothing.
  -- Null when the goal is not there.
  CREATE FUNCTION gk_store_verification(p_tenant uuid, p_goal uuid, p_found jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM gk_bind(p_tenant);
    PERFORM gk_save_analyses(p_goal, p_found->'analyses');
    INSERT INTO verification AS v (tenant_id, goal_id, revision, holds, evidence)
    SELECT tenant_id, id, (p_found->>'revision')::integer, (p_found->>'holds')::boolean, p_found->'evidence' FROM goal
    WHERE id = p_goal AND NOT gk_is_terminal(state)
    ON CONFLICT (goal_id, revision) DO UPDATE SET
      holds = excluded.holds, evidence = excluded.evidence, created_at = excluded.created_at
    WHERE (v.holds, v.evidence) IS DISTINCT FROM (excluded.holds, excluded.evidence);
    IF FOUND THEN PERFORM gk_append_events(p_goal, p_found->'events', jsonb_build_object('refuseWhen', ENDED)); END IF;
    RETURN (SELECT to_jsonb(true) FROM goal WHERE id = p_goal);
  END $$;`.replaceAll('ENDED', ENDED);

const CLOSING = `
  -- What a goal's end is judged and learned from. Judgements that waited are stored on the way.
  CREATE FUNCTION gk_goal_lessons(p_tenant uuid, p_goal uuid, p_ask jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM gk_bind(p_tenant);
    PERFORM gk_save_analyses(p_goal, p_ask->'analyses');
    RETURN (SELECT jsonb_build_object('state', g.state, 'objective', g.objective,
      'plan', (SELECT body FROM plan WHERE goal_id = p_goal ORDER BY revision DESC LIMIT 1),
      'observations', coalesce((SELECT jsonb_agg(o.body ORDER BY o.created_at, o.step_id, o.call_no) FROM observation o
        WHERE o.goal_id = p_goal AND o.month = g.month), '[]')) FROM goal g WHERE g.id = p_goal);
  END $$;

  -- The episode first: where it is there already, its lessons are counted already. Sums, never totals: goals that end at once
  -- lose nothing.
  CREATE FUNCTION gk_learn(p_goal uuid, p_lesson jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE episode_of jsonb := p_lesson->'episode';
  BEGIN
    INSERT INTO episode (id, tenant_id, goal_id, objective, task_name, task, outcome, methods)
    SELECT (episode_of->>'id')::uuid, tenant_id, id, episode_of->>'objective', episode_of->'task'->>'name', episode_of->'task',
      episode_of->>'outcome', episode_of->'methods'
    FROM goal WHERE id = p_goal ON CONFLICT (goal_id) DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;
    INSERT INTO tool_stat (tenant_id, tool, successes, failures, duration_ms)
    SELECT gk_tenant(), d.tool, sum(d.successes), sum(d.failures), sum(d."durationMs")
    FROM jsonb_to_recordset(p_lesson->'tools') AS d (tool text, successes bigint, failures bigint, "durationMs" double precision)
    GROUP BY d.tool ORDER BY d.tool
    ON CONFLICT (tenant_id, tool) DO UPDATE SET
      successes = tool_stat.successes + excluded.successes, failures = tool_stat.failures + excluded.failures,
      duration_ms = tool_stat.duration_ms + excluded.duration_ms, updated_at = now();
    INSERT INTO method_stat (tenant_id, task, method, successes, failures)
    SELECT gk_tenant(), d.task, d.method, sum(d.successes), sum(d.failures)
    FROM jsonb_to_recordset(p_lesson->'methods') AS d (task text, method text, successes bigint, failures bigint)
    GROUP BY d.task, d.method ORDER BY d.task, d.method
    ON CONFLICT (tenant_id, task, method) DO UPDATE SET
      successes = method_stat.successes + excluded.successes, failures = method_stat.failures + excluded.failures,
      updated_at = now();
    PERFORM gk_append_events(p_goal, p_lesson->'events', '{}');
  END $$;

  -- Ends a goal with what it teaches; one that has ended already stays as it is: false.
  CREATE FUNCTION gk_close_goal(p_tenant uuid, p_goal uuid, p_end jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE from_state text;
  BEGIN
    PERFORM gk_bind(p_tenant);
    SELECT state INTO from_state FROM goal WHERE id = p_goal FOR UPDATE;
    IF NOT FOUND OR gk_is_terminal(from_state) THEN RETURN to_jsonb(false); END IF;
    IF p_end ? 'lesson' THEN PERFORM gk_learn(p_goal, p_end->'lesson'); END IF;
    PERFORM gk_append_events(p_goal, jsonb_build_array(jsonb_set(p_end->'event', '{data,from}', to_jsonb(from_state))), p_end->'patch');
    RETURN to_jsonb(true);
  END $$;`;

/** The hot path of a goal as functions: recall, plan, verification, end. See the functions of calls. */
export class CreateGoalFunctions1763870408000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [RECALL, PLAN, STORE_PLAN, VERIFICATION, CLOSING]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_close_goal(uuid, uuid, jsonb);
      DROP FUNCTION gk_learn(uuid, jsonb);
      DROP FUNCTION gk_goal_lessons(uuid, uuid, jsonb);
      DROP FUNCTION gk_store_verification(uuid, uuid, jsonb);
      DROP FUNCTION gk_work_done(uuid, uuid, jsonb);
      DROP FUNCTION gk_store_plan(uuid, uuid, jsonb);
      DROP FUNCTION gk_plan_state(uuid, uuid, jsonb);
      DROP FUNCTION gk_recall(uuid, uuid, jsonb);
    `);
  }
}
