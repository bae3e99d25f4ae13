import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FIRST_LEARN } from './1763870408000-create-goal-functions';

/** Half-life of what is known of a tool, in seconds: two weeks. */
const HALF_LIFE_S = 14 * 86_400;
/**
 * Calls that a record counts for at most: beyond it what is older weighs less, half after twenty later calls, so that a tool that
 * changed is seen to have changed.
 */
const MOST_CALLS = 30;
/** Values kept of each measure, measures of a tool, and records that a goal takes along. */
const SAMPLE = 11;
const MEASURES = 8;
const RECORDS = 200;

const TABLES = `
  ALTER TABLE tool_stat
    ADD COLUMN context text NOT NULL DEFAULT '',
    ADD COLUMN log_ms double precision NOT NULL DEFAULT 0,
    ADD COLUMN squared_log_ms double precision NOT NULL DEFAULT 0,
    ADD COLUMN cost_usd double precision NOT NULL DEFAULT 0,
    ADD COLUMN failing integer NOT NULL DEFAULT 0,
    ADD COLUMN failed_at timestamptz,
    ADD COLUMN samples jsonb NOT NULL DEFAULT '{}',
    ALTER COLUMN successes TYPE double precision,
    ALTER COLUMN failures TYPE double precision;
  -- Plain sums know no spread: what calls took so far stands for each of them. The owner of the tables sees no rows otherwise.
  SELECT set_config('gk.system', 'on', true);
  UPDATE tool_stat SET
    log_ms = (successes + failures) * ln(greatest(duration_ms / (successes + failures), 1)),
    squared_log_ms = (successes + failures) * ln(greatest(duration_ms / (successes + failures), 1)) ^ 2
  WHERE successes + failures > 0;
  SELECT set_config('gk.system', '', true);
  ALTER TABLE tool_stat DROP CONSTRAINT tool_stat_pkey, ADD PRIMARY KEY (tenant_id, tool, context);

  CREATE TABLE calibration (
    tenant_id uuid PRIMARY KEY,
    body jsonb NOT NULL,
    fitted_at timestamptz NOT NULL DEFAULT now()
  );
  SELECT gk_protect('calibration');`;

const LEARNING = `
  -- What is left of a weight after some time: 2^(-time / half-life). Times in the wrong order leave all of it.
  CREATE FUNCTION gk_decay(p_from timestamptz, p_to timestamptz) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN power(2::double precision, -greatest(extract(epoch FROM p_to - p_from), 0)::double precision / HALF_LIFE);

  -- The newest values of each measure, newest first.
  CREATE FUNCTION gk_merge_samples(p_old jsonb, p_new jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce((SELECT jsonb_object_agg(name, (SELECT jsonb_agg(v ORDER BY n)
      FROM jsonb_array_elements(coalesce(p_new->name, '[]') || coalesce(p_old->name, '[]')) WITH ORDINALITY AS kept (v, n)
      WHERE n <= SAMPLE))
    FROM (SELECT name FROM jsonb_object_keys(p_old || p_new) AS name ORDER BY name COLLATE "C" LIMIT MEASURES) AS names), '{}');`
  .replaceAll('HALF_LIFE', String(HALF_LIFE_S))
  .replaceAll('MEASURES', String(MEASURES))
  .replaceAll('SAMPLE', String(SAMPLE));

/**
 * The function that adds what one goal saw of its tools.
 *
 * @param keep SQL over `t` and `excluded`: the part of the old record that stays
 */
export function learnTools(keep: string): string {
  return `
    -- Adds what one goal saw of its tools, each record under its lock: both sides are brought to the later of the two moments, so
    -- that goals which end at once add up to the same in either order. A record worth more calls than the most is scaled down to
    -- it: what worked never lowers the share of successes.
    CREATE OR REPLACE FUNCTION gk_learn_tools(p_tools jsonb) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO tool_stat AS t (tenant_id, tool, context, successes, failures, duration_ms, log_ms, squared_log_ms, cost_usd,
        failing, failed_at, samples)
      SELECT gk_tenant(), d.tool, coalesce(d.context, ''), sum(d.successes), sum(d.failures), sum(d."durationMs"),
        sum(coalesce(d."logMs", (d.successes + d.failures) * ln(greatest(d."durationMs" / greatest(d.successes + d.failures, 1), 1)))),
        sum(coalesce(d."squaredLogMs", (d.successes + d.failures) * ln(greatest(d."durationMs" / greatest(d.successes + d.failures, 1), 1)) ^ 2)),
        sum(coalesce(d."costUsd", 0)), sum(coalesce(d.failing, 0)), CASE WHEN sum(coalesce(d.failing, 0)) > 0 THEN now() END,
        coalesce((array_agg(d.samples))[1], '{}')
      FROM jsonb_to_recordset(p_tools) AS d (tool text, context text, successes double precision, failures double precision,
        "durationMs" double precision, "logMs" double precision, "squaredLogMs" double precision, "costUsd" double precision,
        failing integer, worked boolean, samples jsonb)
      GROUP BY d.tool, coalesce(d.context, '') ORDER BY d.tool, coalesce(d.context, '')
      ON CONFLICT (tenant_id, tool, context) DO UPDATE SET
        SUMS,
        failing = CASE WHEN RECOVERED THEN 0 ELSE t.failing END + excluded.failing,
        failed_at = coalesce(excluded.failed_at, t.failed_at),
        samples = CASE WHEN excluded.samples = '{}' THEN t.samples ELSE gk_merge_samples(t.samples, excluded.samples) END,
        updated_at = greatest(t.updated_at, excluded.updated_at);
    END $$;`
    .replaceAll(
      'SUMS',
      ['successes', 'failures', 'duration_ms', 'log_ms', 'squared_log_ms', 'cost_usd']
        .map((column) => sumOf(column, keep))
        .join(', '),
    )
    .replaceAll(
      'RECOVERED',
      `EXISTS (SELECT FROM jsonb_to_recordset(p_tools) AS d (tool text, worked boolean)
        WHERE d.tool = excluded.tool AND d.worked)`,
    );
}

/** A sum with what is new of it, both at the later moment, scaled to the most calls. */
function sumOf(column: string, keep: string): string {
  const both = (of: string): string =>
    `((${of.replaceAll('#', 't.')}) * gk_decay(t.updated_at, excluded.updated_at) * ${keep} +
        (${of.replaceAll('#', 'excluded.')}) * gk_decay(excluded.updated_at, t.updated_at))`;
  return `${column} = ${both(`#${column}`)} * least(1, ${MOST_CALLS} / greatest(${both('#successes + #failures')}, 1e-9))`;
}

const RECALLING = `
  -- Records of tools as of now, those of whole tools first, then the newest; counts decayed, numbers rounded.
  CREATE FUNCTION gk_tool_stats() RETURNS jsonb LANGUAGE sql STABLE
  RETURN coalesce((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('tool', tool, 'context', nullif(context, ''),
      'successes', round((successes * left_of)::numeric, 4), 'failures', round((failures * left_of)::numeric, 4),
      'meanDurationMs', round((duration_ms / calls)::numeric, 2), 'meanLogMs', round((log_ms / calls)::numeric, 4),
      'varLogMs', round(greatest(squared_log_ms / calls - (log_ms / calls) ^ 2, 0)::numeric, 4),
      'meanCostUsd', nullif(round((cost_usd / calls)::numeric, 6), 0), 'failing', nullif(failing, 0),
      'failedSecondsAgo', CASE WHEN failing > 0 THEN round(extract(epoch FROM now() - failed_at)) END,
      'samples', nullif(samples, '{}'))) ORDER BY tool, context)
    FROM (SELECT *, gk_decay(updated_at, now()) AS left_of, greatest(successes + failures, 1e-9) AS calls FROM tool_stat
      ORDER BY context = '' DESC, updated_at DESC, tool, context LIMIT RECORDS) AS known), '[]');`.replaceAll(
  'RECORDS',
  String(RECORDS),
);

export const LEARN_WITH_FADING_TOOLS = `
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
    INSERT INTO method_stat (tenant_id, task, method, successes, failures)
    SELECT gk_tenant(), d.task, d.method, sum(d.successes), sum(d.failures)
    FROM jsonb_to_recordset(p_lesson->'methods') AS d (task text, method text, successes bigint, failures bigint)
    GROUP BY d.task, d.method ORDER BY d.task, d.method
    ON CONFLICT (tenant_id, task, method) DO UPDATE SET
      successes = method_stat.successes + excluded.successes, failures = method_stat.failures + excluded.failures,
      updated_at = now();
    PERFORM gk_append_events(p_goal, p_lesson->'events', '{}');
  END $$;`;

/**
 * Records of tools that fade with time, by context, with the spread of what calls took; and how stated probabilities turned out.
 */
export class FadeToolRecords1763870414000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [TABLES, LEARNING, learnTools('1'), RECALLING, LEARN_WITH_FADING_TOOLS]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(FIRST_LEARN.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION'));
    await db.query(`
      DROP FUNCTION gk_tool_stats();
      DROP FUNCTION gk_learn_tools(jsonb);
      DROP FUNCTION gk_merge_samples(jsonb, jsonb);
      DROP FUNCTION gk_decay(timestamptz, timestamptz);
      DROP TABLE calibration;
      SELECT set_config('gk.system', 'on', true);
      DELETE FROM tool_stat WHERE context <> '';
      SELECT set_config('gk.system', '', true);
      ALTER TABLE tool_stat DROP CONSTRAINT tool_stat_pkey, ADD PRIMARY KEY (tenant_id, tool);
      ALTER TABLE tool_stat
        DROP COLUMN context, DROP COLUMN log_ms, DROP COLUMN squared_log_ms, DROP COLUMN cost_usd, DROP COLUMN failing,
        DROP COLUMN failed_at, DROP COLUMN samples,
        ALTER COLUMN successes TYPE bigint USING round(successes), ALTER COLUMN failures TYPE bigint USING round(failures);
    `);
  }
}
