import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STORE_PLAN as STORE_PLAN_BEFORE } from './1763870408000-create-goal-functions';

/** The final states, as a migration found them: it never changes with the code. */
const ENDED = `'["succeeded", "failed", "cancelled", "timed_out", "budget_exceeded"]'::jsonb`;

const STORE_PLAN = `
  -- Stores a revision and its steps as pending, and tells the goal's readers; steps that succeeded stay so, steps it no longer has
  -- are skipped. A revision that is stored already changes nothing: false. Null when the goal is not there. An attempt that nobody
  -- waits for any more tells nothing behind the goal's end.
  CREATE OR REPLACE FUNCTION gk_store_plan(p_tenant uuid, p_goal uuid, p_plan jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
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
    -- Somebody may have stopped or paused the goal while it was planned; that stands.
    IF gk_append_events(p_goal, (p_plan->'events') || (p_plan->'running'), jsonb_build_object('planRevision', of_revision,
      'state', 'running', 'refuseWhen', ENDED || '["cancelling", "paused"]')) IS NULL
    THEN
      PERFORM gk_append_events(p_goal, p_plan->'events', jsonb_build_object('planRevision', of_revision, 'refuseWhen', ENDED));
    END IF;
    RETURN to_jsonb(true);
  END $$;`.replaceAll('ENDED', ENDED);

/** The plan, and that the goal runs now, are told in one go where nobody stopped or paused it meanwhile: one change of its row. */
export class StorePlanInOneGo1763870410100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(STORE_PLAN);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION gk_store_plan(uuid, uuid, jsonb)');
    await db.query(STORE_PLAN_BEFORE);
  }
}
