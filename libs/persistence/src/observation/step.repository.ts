import type { Analysis, Decision, JsonObject, Observation, Outcome } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { rows } from '../sql';
import type { CallRecord, StepRecord, StepState } from './step';

/** Every call of a goal, or of one of its steps. */
const CALLS = `
  SELECT a.step_id, a.call_no, a.tool, a.args, a.idempotency_key, a.attempts, a.outcome, a.started_at, a.finished_at,
    d.body AS decision, o.body AS observation, o.analysis
  FROM goal g
  JOIN action a ON a.goal_id = g.id
  LEFT JOIN decision d ON d.goal_id = a.goal_id AND d.step_id = a.step_id AND d.call_no = a.call_no
  LEFT JOIN observation o ON o.goal_id = a.goal_id AND o.month = g.month AND o.step_id = a.step_id AND o.call_no = a.call_no
  WHERE g.id = $1 AND ($2::text IS NULL OR a.step_id = $2)
  ORDER BY a.started_at, a.step_id, a.call_no`;

/** Steps, the decisions and actions that do them, and what was observed. */
export class StepRepository {
  constructor(private readonly tx: EntityManager) {}

  /** The goal's steps in plan order, those of dropped revisions included (`skipped`). One statement. */
  async list(goalId: string): Promise<StepRecord[]> {
    const found = await rows<StepRowData>(this.tx, 'SELECT * FROM step WHERE goal_id = $1 ORDER BY position, id', [
      goalId,
    ]);
    return found.map((step) => ({
      id: step.id,
      label: step.label,
      operator: step.operator,
      state: step.state,
      revision: step.revision,
      calls: step.calls,
      attempts: step.attempts,
      tool: step.tool,
      output: step.output,
      summary: step.summary,
      startedAt: step.started_at,
      finishedAt: step.finished_at,
    }));
  }

  /** Every call with its decision, observation and analysis, oldest first. One statement. */
  async calls(goalId: string, stepId?: string): Promise<CallRecord[]> {
    const found = await rows<CallRowData>(this.tx, CALLS, [goalId, stepId ?? null]);
    return found.map((call) => ({
      stepId: call.step_id,
      callNo: call.call_no,
      tool: call.tool,
      args: call.args,
      idempotencyKey: call.idempotency_key,
      attempts: call.attempts,
      outcome: call.outcome,
      startedAt: call.started_at,
      finishedAt: call.finished_at,
      decision: call.decision,
      observation: call.observation,
      analysis: call.analysis,
    }));
  }
}

interface StepRowData {
  id: string;
  label: string;
  operator: string;
  state: StepState;
  revision: number;
  calls: number;
  attempts: number;
  tool: string | null;
  output: JsonObject | null;
  summary: string;
  started_at: Date | null;
  finished_at: Date | null;
}

interface CallRowData {
  step_id: string;
  call_no: number;
  tool: string;
  args: JsonObject;
  idempotency_key: string;
  attempts: number;
  outcome: Outcome | null;
  started_at: Date;
  finished_at: Date | null;
  decision: Decision | null;
  observation: Observation | null;
  analysis: Analysis | null;
}
