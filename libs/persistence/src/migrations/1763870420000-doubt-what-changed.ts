import type { MigrationInterface, QueryRunner } from 'typeorm';
import { learnTools } from './1763870414000-fade-tool-records';

/** Chance, before anything was seen, that a tool is another since its last goal; calls of one goal that are weighed. */
const CHANGE = 0.3;
const MOST_WEIGHED = 50;

const LIKELIHOOD = `
  -- P(these calls in some order) where the chance of success has Beta(1 + s, 1 + f): the urn of Polya, call by call.
  CREATE FUNCTION gk_call_likelihood(p_worked double precision, p_failed double precision, s double precision, f double precision)
  RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
  DECLARE
    p double precision := 1;
    good double precision := 1 + greatest(s, 0);
    bad double precision := 1 + greatest(f, 0);
  BEGIN
    FOR i IN 1..least(round(p_worked), MOST_WEIGHED)::integer LOOP
      p := p * good / (good + bad);
      good := good + 1;
    END LOOP;
    FOR i IN 1..least(round(p_failed), MOST_WEIGHED)::integer LOOP
      p := p * bad / (good + bad);
      bad := bad + 1;
    END LOOP;
    RETURN p;
  END $$;`.replaceAll('MOST_WEIGHED', String(MOST_WEIGHED));

const KEPT = `
  -- Part of a record that a goal leaves: 1 - P(the tool is another now), with Beta(1 + s, 1 + f) of the record against Beta(1, 1) of a
  -- tool that nothing is known of, as far as that is more than CHANGE. @see Adams & MacKay, Bayesian Online Changepoint Detection
  CREATE OR REPLACE FUNCTION gk_kept(p_known double precision, p_calls double precision, p_seen double precision, p_new_calls double precision)
  RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
  DECLARE changed double precision; same double precision;
  BEGIN
    IF NOT p_new_calls > 0 OR p_new_calls IS NULL THEN RETURN 1; END IF;
    changed := CHANGE * gk_call_likelihood(p_seen, p_new_calls - p_seen, 0, 0);
    same := (1 - CHANGE) * gk_call_likelihood(p_seen, p_new_calls - p_seen, p_known, p_calls - p_known);
    RETURN 1 - greatest(0, changed / (changed + same) - CHANGE) / (1 - CHANGE);
  END $$;`.replaceAll('CHANGE', String(CHANGE));

const SUMS = ['successes', 'failures', 'duration_ms', 'log_ms', 'squared_log_ms', 'cost_usd'];

const DOUBT = `
  -- What goes of the records that a goal makes improbable: of those of its tools, and of those of tools that could have been called
  -- instead, in the same place, for they may be as old. All that the goal touches is locked first, in one order for all goals.
  CREATE FUNCTION gk_doubt_tools(p_tools jsonb) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM tool_stat t WHERE (t.tool, t.context) IN (
        SELECT d.tool, coalesce(d.context, '') FROM jsonb_to_recordset(p_tools) AS d (tool text, context text)
        UNION SELECT r.tool, coalesce(d.context, '') FROM jsonb_to_recordset(p_tools) AS d (context text, rivals jsonb),
          jsonb_array_elements_text(coalesce(d.rivals, '[]')) AS r (tool))
      ORDER BY t.tool, t.context FOR UPDATE;
    WITH kept AS MATERIALIZED (
      SELECT t.tool, t.context, d.rivals, gk_kept(t.successes, t.successes + t.failures, d.successes, d.successes + d.failures) AS keep
      FROM jsonb_to_recordset(p_tools) AS d (tool text, context text, rivals jsonb, successes double precision, failures double precision)
      JOIN tool_stat t ON t.tool = d.tool AND t.context = coalesce(d.context, '')
    ), doubted AS (
      SELECT k.tool, k.context, k.keep FROM kept k WHERE k.keep < 1
      UNION ALL SELECT r.tool, k.context, k.keep FROM kept k, jsonb_array_elements_text(coalesce(k.rivals, '[]')) AS r (tool)
      WHERE k.keep < 1
    )
    UPDATE tool_stat t SET ${SUMS.map((sum) => `${sum} = t.${sum} * d.keep`).join(', ')}
    FROM (SELECT tool, context, exp(sum(ln(greatest(keep, 1e-9)))) AS keep FROM doubted GROUP BY tool, context) AS d
    WHERE t.tool = d.tool AND t.context = d.context;
  END $$;`;

const CLOSING = (doubting: string): string => `
  -- The episode first: where it is there already, its lessons are counted already.
  CREATE OR REPLACE FUNCTION gk_learn(p_goal uuid, p_lesson jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE episode_of jsonb := p_lesson->'episode';
  BEGIN
    INSERT INTO episode (id, tenant_id, goal_id, objective, task_name, task, outcome, methods)
    SELECT (episode_of->>'id')::uuid, tenant_id, id, episode_of->>'objective', episode_of->'task'->>'name', episode_of->'task',
      episode_of->>'outcome', episode_of->'methods'
    FROM goal WHERE id = p_goal ON CONFLICT (goal_id) DO NOTHING;
    IF NOT FOUND THEN RETURN; END IF;
    ${doubting}
    PERFORM gk_learn_tools(p_lesson->'tools');
    PERFORM gk_learn_methods(p_lesson->'methods');
    PERFORM gk_append_events(p_goal, p_lesson->'events', '{}');
  END $$;`;

const KEPT_BEFORE = `
  CREATE OR REPLACE FUNCTION gk_kept(p_known double precision, p_calls double precision, p_seen double precision, p_new_calls double precision)
  RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN p_calls > 0 AND p_new_calls > 0
    THEN 1 - greatest(0, abs(p_known / p_calls - p_seen / p_new_calls) - 0.5) ELSE 1 END;`;

const STAYS =
  'gk_kept(t.successes, t.successes + t.failures, excluded.successes, excluded.successes + excluded.failures)';

/** A tool that turned around is seen to have turned after one goal or two: what a goal makes improbable is doubted, its rivals with it. */
export class DoubtWhatChanged1763870420000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    const doubting = "PERFORM gk_doubt_tools(p_lesson->'tools');";
    for (const sql of [LIKELIHOOD, KEPT, DOUBT, learnTools('1'), CLOSING(doubting)]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const sql of [CLOSING(''), learnTools(STAYS), KEPT_BEFORE]) await db.query(sql);
    await db.query('DROP FUNCTION gk_doubt_tools(jsonb); DROP FUNCTION gk_call_likelihood');
  }
}
