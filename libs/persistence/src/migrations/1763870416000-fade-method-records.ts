import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LEARN_WITH_FADING_TOOLS } from './1763870414000-fade-tool-records';

/** Goals that a record of a method counts for at most, as calls do for tools: beyond it what is older weighs less. */
const MOST_GOALS = 30;

const TABLE = `
  DROP FUNCTION gk_method_stats();
  -- What was counted so far stands as it is, at the moment it was last added to; more than the most keeps its shares.
  ALTER TABLE method_stat
    ALTER COLUMN successes TYPE double precision,
    ALTER COLUMN failures TYPE double precision;
  -- The owner of the tables sees no rows of tenants otherwise.
  SELECT set_config('gk.system', 'on', true);
  UPDATE method_stat SET successes = successes * MOST / (successes + failures), failures = failures * MOST / (successes + failures)
  WHERE successes + failures > MOST;
  SELECT set_config('gk.system', '', true);`.replaceAll('MOST', `${MOST_GOALS}::double precision`);

/** A sum with what is new of it, both at the later moment, scaled to the most goals. */
function sumOf(column: string): string {
  const both = (of: string): string =>
    `((${of.replaceAll('#', 'm.')}) * gk_decay(m.updated_at, excluded.updated_at) +
        (${of.replaceAll('#', 'excluded.')}) * gk_decay(excluded.updated_at, m.updated_at))`;
  return `${column} = ${both(`#${column}`)} * least(1, ${MOST_GOALS} / greatest(${both('#successes + #failures')}, 1e-9))`;
}

const LEARNING = `
  -- Adds what one goal saw of its methods, as gk_learn_tools does for tools: each record under its lock, in one order for all
  -- goals, both sides brought to the later of the two moments, so that goals which end at once add up to the same in either order.
  CREATE FUNCTION gk_learn_methods(p_methods jsonb) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO method_stat AS m (tenant_id, task, method, successes, failures)
    SELECT gk_tenant(), d.task, d.method, sum(d.successes), sum(d.failures)
    FROM jsonb_to_recordset(p_methods) AS d (task text, method text, successes double precision, failures double precision)
    GROUP BY d.task, d.method ORDER BY d.task, d.method
    ON CONFLICT (tenant_id, task, method) DO UPDATE SET
      ${sumOf('successes')},
      ${sumOf('failures')},
      updated_at = greatest(m.updated_at, excluded.updated_at);
  END $$;`;

const CLOSING = `
  -- The episode first: where it is there already, its lessons are counted already.
  CREATE OR REPLACE FUNCTION gk_learn(p_goal uuid, p_lesson jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE episode_of jsonb := p_lesson->'episode';
  BEGIN
    INSERT INTO episode (id, tenant_id, goal_id, objective, task_name, task, outcome, methods)
    SELECT (episode_of->>'id')::uuid, tenant_id, id, episode_of->>'objective', episode_of->'task'->>'name', episode_of->'task',
      episode_of->>'outcome', episode_of->'methods'
    FROM goal WHERE id = p_goal ON CONFLICT (goal_id) DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM gk_learn_tools(p_lesson->'tools');
    PERFORM gk_learn_methods(p_lesson->'methods');
    PERFORM gk_append_events(p_goal, p_lesson->'events', '{}');
  END $$;`;

const RECALLING = `
  -- Records of methods as of now; counts decayed, numbers rounded.
  CREATE FUNCTION gk_method_stats() RETURNS jsonb LANGUAGE sql STABLE
  RETURN coalesce((SELECT jsonb_agg(jsonb_build_object('task', task, 'method', method,
      'successes', round((successes * left_of)::numeric, 4), 'failures', round((failures * left_of)::numeric, 4))
      ORDER BY task, method)
    FROM (SELECT *, gk_decay(updated_at, now()) AS left_of FROM method_stat) AS known), '[]'::jsonb);`;

const PLAIN_STATS = `
  CREATE FUNCTION gk_method_stats() RETURNS jsonb LANGUAGE sql STABLE
  RETURN coalesce((SELECT jsonb_agg(jsonb_build_object('task', task, 'method', method, 'successes', successes, 'failures', failures)
    ORDER BY task, method) FROM method_stat), '[]'::jsonb);`;

/** Records of methods fade with time as those of tools do, so that a way that got better gets another chance. */
export class FadeMethodRecords1763870416000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [TABLE, LEARNING, CLOSING, RECALLING]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(LEARN_WITH_FADING_TOOLS);
    await db.query(`
      DROP FUNCTION gk_learn_methods(jsonb);
      DROP FUNCTION gk_method_stats();
      ALTER TABLE method_stat
        ALTER COLUMN successes TYPE bigint USING round(successes), ALTER COLUMN failures TYPE bigint USING round(failures);
    `);
    await db.query(PLAIN_STATS);
  }
}
