import { prepared } from '../sql';

/**
 * Marks a step as running and stores the decision and the action, unless its call is finished already. The row lock on
 * the step makes two workers with the same call take turns; `fresh` tells whether this statement saw the last state.
 */
export const BEGIN_STEP = prepared(
  'begin_step',
  `
  WITH seen AS (
    SELECT o.body FROM observation o, goal g
    WHERE g.id = $1::uuid AND o.goal_id = $1 AND o.month = g.month AND o.step_id = $2::text AND (o.call_no = $3::integer OR o.outcome = 'success')
      AND (o.call_no = $3 OR EXISTS (SELECT FROM step s WHERE s.goal_id = $1 AND s.id = $2 AND s.state = 'succeeded'))
    ORDER BY o.call_no = $3 DESC, o.call_no DESC LIMIT 1
  ), marked AS (
    INSERT INTO step (tenant_id, goal_id, id, label, operator, summary, state, revision, calls, attempts, tool, started_at)
    SELECT tenant_id, id, $2, $4::text, $5::text, $6::text, 'running', $7::integer, $3, 1, $8::text, now() FROM goal WHERE id = $1
    ON CONFLICT (goal_id, id) DO UPDATE SET
      state = 'running', attempts = step.attempts + 1, calls = greatest(step.calls, excluded.calls), tool = excluded.tool,
      started_at = coalesce(step.started_at, excluded.started_at)
    WHERE step.state <> 'succeeded' AND step.finished_call < $3
    RETURNING tenant_id, attempts
  ), decided AS (
    INSERT INTO decision (tenant_id, goal_id, step_id, call_no, body)
    SELECT tenant_id, $1, $2, $3, $9::jsonb FROM marked ON CONFLICT DO NOTHING
  ), acted AS (
    INSERT INTO action (tenant_id, goal_id, step_id, call_no, tool, args, idempotency_key)
    SELECT tenant_id, $1, $2, $3, $8, $10::jsonb, $11::text FROM marked
    ON CONFLICT (goal_id, step_id, call_no) DO UPDATE SET attempts = action.attempts + 1
  )
  SELECT (SELECT attempts FROM marked) AS attempts, (SELECT body FROM seen) AS stored`,
);

/**
 * Stores what came back, closes the action and the step, settles the ledger, and adds judgements of earlier calls. Where another
 * attempt at the call has stored its result before, that one stays; the ledger alone still learns of a confirmed effect.
 */
export const FINISH_STEP = prepared(
  'finish_step',
  `
  WITH target AS (
    SELECT tenant_id, month FROM goal WHERE id = $1::uuid
  ), observed AS (
    INSERT INTO observation (tenant_id, goal_id, step_id, call_no, month, outcome, body)
    SELECT tenant_id, $1, $2::text, $3::integer, month, $4::text, $5::jsonb FROM target ON CONFLICT DO NOTHING RETURNING 1
  ), acted AS (
    UPDATE action SET outcome = $4, finished_at = clock_timestamp()
    WHERE goal_id = $1 AND step_id = $2 AND call_no = $3 AND EXISTS (SELECT FROM observed)
  ), stepped AS (
    UPDATE step SET state = $6::text, output = coalesce($7::jsonb, output), summary = $8::text, attempts = 0,
      finished_call = greatest(finished_call, $3), calls = greatest(calls, $3), finished_at = clock_timestamp()
    WHERE goal_id = $1 AND id = $2 AND state <> 'succeeded' AND EXISTS (SELECT FROM observed)
  ), settled AS (
    UPDATE effect SET state = $10::text, result = $11::jsonb, settled_at = clock_timestamp() FROM target
    WHERE effect.tenant_id = target.tenant_id AND key = $9::text AND effect.state <> 'confirmed'
  ), judged AS (
    UPDATE observation o SET analysis = a.analysis
    FROM target, jsonb_array_elements($12::jsonb) AS a (analysis)
    WHERE o.goal_id = $1 AND o.month = target.month AND o.step_id = a.analysis->>'stepId' AND o.analysis IS NULL
  )
  SELECT count(*)::integer AS stored FROM observed`,
);

/** Adds judgements to the observations of their steps that have none yet. */
export const SAVE_ANALYSES = prepared(
  'save_analyses',
  `
  UPDATE observation o SET analysis = a.analysis
  FROM goal g, jsonb_array_elements($2::jsonb) AS a (analysis)
  WHERE g.id = $1 AND o.goal_id = $1 AND o.month = g.month AND o.step_id = a.analysis->>'stepId' AND o.analysis IS NULL`,
);

export const CALLS = `
  SELECT a.step_id, a.call_no, a.tool, a.args, a.idempotency_key, a.attempts, a.outcome, a.started_at, a.finished_at,
    d.body AS decision, o.body AS observation, o.analysis
  FROM goal g
  JOIN action a ON a.goal_id = g.id
  LEFT JOIN decision d ON d.goal_id = a.goal_id AND d.step_id = a.step_id AND d.call_no = a.call_no
  LEFT JOIN observation o ON o.goal_id = a.goal_id AND o.month = g.month AND o.step_id = a.step_id AND o.call_no = a.call_no
  WHERE g.id = $1 AND ($2::text IS NULL OR a.step_id = $2)
  ORDER BY a.started_at, a.step_id, a.call_no`;
