import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FIRST_RECALL } from './1763870408000-create-goal-functions';

const SIMILAR = `
  -- Episodes that share words with the goal (the newest 200 of each stem) or did the same task, best match first. The rank is the sum
  -- of ln(1 + 200 / episodes that have the stem) over the stems that both have.
  CREATE FUNCTION gk_similar_episodes(p_query jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
  DECLARE at_most integer := (p_query->>'limit')::integer;
  BEGIN
    RETURN coalesce((
      WITH asked AS (
        SELECT left(stem, 100) AS stem FROM unnest(tsvector_to_array(to_tsvector('english', p_query->>'words'))) AS stem LIMIT 40
      ), hits AS (
        SELECT w.episode_id, a.stem, count(*) OVER (PARTITION BY a.stem) AS having_it
        FROM asked a CROSS JOIN LATERAL (SELECT k.episode_id FROM episode_word k WHERE k.tenant_id = gk_tenant() AND k.stem = a.stem
          ORDER BY k.episode_id DESC LIMIT 200) AS w
      ), by_words AS (
        SELECT episode_id AS id, sum(ln(1 + 200 / having_it::double precision)) AS rank FROM hits
        GROUP BY episode_id ORDER BY rank DESC, episode_id DESC LIMIT at_most
      ), by_task AS (
        SELECT e.id FROM episode e WHERE e.tenant_id = gk_tenant() AND e.task_name = p_query->>'task' ORDER BY e.created_at DESC LIMIT at_most
      ), found AS (
        SELECT e.id, e.goal_id, e.objective, e.task, e.outcome, e.methods, e.created_at, coalesce(w.rank, 0) AS rank
        FROM (SELECT id FROM by_words UNION SELECT id FROM by_task) AS i JOIN episode e ON e.id = i.id LEFT JOIN by_words w ON w.id = i.id
        ORDER BY rank DESC, e.created_at DESC, e.id LIMIT at_most
      )
      SELECT jsonb_agg(jsonb_build_object('id', id, 'goalId', goal_id, 'objective', objective, 'task', task, 'outcome', outcome,
        'methods', methods, 'rank', rank) ORDER BY rank DESC, created_at DESC, id) FROM found), '[]');
  END $$;

  CREATE FUNCTION gk_method_stats() RETURNS jsonb LANGUAGE sql STABLE
  RETURN coalesce((SELECT jsonb_agg(jsonb_build_object('task', task, 'method', method, 'successes', successes, 'failures', failures)
    ORDER BY task, method) FROM method_stat), '[]'::jsonb);`;

const LEARNED = `
  -- A number in [0, 1) that depends on the text alone.
  CREATE FUNCTION gk_draw(p_text text) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ('x' || left(encode(sha256(convert_to(p_text, 'UTF8')), 'hex'), 8))::bit(32)::bigint::double precision / 4294967296;

  -- On which side of the comparison a goal is, which snapshot it uses, and the tasks whose lessons it is given. Decided once: what is
  -- pinned in the goal's row stays. Somebody who asks without a goal (a plan that is only shown) is on the side that uses lessons.
  CREATE FUNCTION gk_pin_learning(p_goal uuid, p_query jsonb, p_tasks text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    pin jsonb;
    is_goal boolean;
    s learning_setting;
  BEGIN
    SELECT learning INTO pin FROM goal WHERE id = p_goal;
    is_goal := FOUND;
    IF pin IS NOT NULL THEN RETURN pin; END IF;
    SELECT * INTO s FROM learning_setting WHERE tenant_id = gk_tenant();
    pin := jsonb_build_object('snapshotId', s.snapshot_id, 'tasks', to_jsonb(p_tasks), 'arm', CASE
      WHEN NOT coalesce(s.enabled, true) THEN 'off'
      WHEN p_query->>'arm' IS NOT NULL THEN p_query->>'arm'
      WHEN is_goal AND gk_draw('control ' || p_goal) < coalesce(s.control_share, 0.08) THEN 'off'
      ELSE 'on' END);
    IF is_goal AND pin->>'arm' = 'on' THEN
      INSERT INTO trial_assignment (tenant_id, goal_id, lesson_id, given)
      SELECT gk_tenant(), p_goal, l.lesson_id, gk_draw('trial ' || p_goal || l.lesson_id) < s.trial_share FROM snapshot_lesson l
      WHERE l.snapshot_id = s.snapshot_id AND l.status = 'trial' AND (p_tasks = '{}' OR l.kind = 'intent' OR l.tasks && p_tasks)
      ON CONFLICT DO NOTHING;
    END IF;
    RETURN pin;
  END $$;

  -- What the pinned snapshot has for the goal: active lessons and those on trial that it drew; of its tasks first, then of their
  -- packs; so many and so big that they can travel.
  CREATE FUNCTION gk_learned(p_goal uuid, p_query jsonb, p_pin jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
  DECLARE
    of_tasks text[] := ARRAY(SELECT jsonb_array_elements_text(p_pin->'tasks'));
    of_packs text[] := ARRAY(SELECT split_part(t, '.', 1) FROM unnest(of_tasks) AS t);
    lessons jsonb;
  BEGIN
    IF p_pin->>'arm' = 'on' AND p_pin->>'snapshotId' IS NOT NULL THEN
      WITH near AS (
        SELECT l.lesson_id, l.kind, l.status, l.body, l.tasks && of_tasks AS is_own, length(l.body::text) AS chars
        FROM snapshot_lesson l LEFT JOIN trial_assignment a ON l.status = 'trial' AND a.goal_id = p_goal AND a.lesson_id = l.lesson_id
        WHERE l.snapshot_id = (p_pin->>'snapshotId')::uuid AND (l.status = 'active' OR a.given)
          AND CASE WHEN l.kind = 'intent' THEN p_query->'stems' @> (l.body->'stems')
            ELSE of_tasks = '{}' OR l.tasks && of_tasks
              OR EXISTS (SELECT FROM unnest(l.tasks) AS t WHERE split_part(t, '.', 1) = ANY (of_packs)) END
      ), sized AS (
        SELECT *, row_number() OVER w AS n, sum(chars + 120) OVER w AS total FROM near
        WINDOW w AS (ORDER BY is_own DESC, chars, lesson_id)
      )
      SELECT jsonb_agg(jsonb_build_object('id', lesson_id, 'kind', kind, 'status', status, 'body', body) ORDER BY n) INTO lessons
      FROM sized WHERE n <= 150 AND total <= 40000;
    END IF;
    RETURN jsonb_build_object('snapshotId', p_pin->'snapshotId', 'arm', p_pin->'arm', 'lessons', coalesce(lessons, '[]'));
  END $$;`;

const RECALL = `
  -- What may matter for a new goal. Goals of the control share get nothing. What was decided is pinned in the goal's row with the time
  -- that it took; nothing rests on that row before the plan is stored, so nobody waits for the disk here.
  CREATE OR REPLACE FUNCTION gk_recall(p_tenant uuid, p_goal uuid, p_query jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    began timestamptz := clock_timestamp();
    episodes jsonb;
    pin jsonb;
    answer jsonb;
  BEGIN
    PERFORM gk_bind(p_tenant);
    episodes := gk_similar_episodes(p_query);
    pin := gk_pin_learning(p_goal, p_query, CASE WHEN p_query->>'task' IS NOT NULL THEN ARRAY[p_query->>'task']
      ELSE ARRAY(SELECT DISTINCT e->'task'->>'name' FROM jsonb_array_elements(episodes) WITH ORDINALITY AS x (e, n) WHERE n <= 5) END);
    IF pin->>'arm' = 'off' THEN
      answer := '{"episodes": [], "toolStats": [], "methodStats": [], "calibration": null}';
    ELSE
      answer := jsonb_build_object('episodes', episodes, 'toolStats', gk_tool_stats(), 'methodStats', gk_method_stats(),
        'calibration', (SELECT body FROM calibration WHERE tenant_id = p_tenant));
    END IF;
    answer := answer || jsonb_build_object('learned', gk_learned(p_goal, p_query, pin));
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE goal SET learning = pin || jsonb_build_object('recallMs',
      round(extract(epoch FROM clock_timestamp() - began) * 1000, 3)) WHERE id = p_goal AND learning IS NULL;
    RETURN answer;
  END $$;`;

/** Recall gives a goal its share of what was learned, and pins it. Each part is a function of its own. */
export class RecallWhatWasLearned1763870415200 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [SIMILAR, LEARNED, RECALL]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(FIRST_RECALL.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION'));
    await db.query(`
      DROP FUNCTION gk_learned(uuid, jsonb, jsonb);
      DROP FUNCTION gk_pin_learning(uuid, jsonb, text[]);
      DROP FUNCTION gk_draw(text);
      DROP FUNCTION gk_method_stats();
      DROP FUNCTION gk_similar_episodes(jsonb);
    `);
  }
}
