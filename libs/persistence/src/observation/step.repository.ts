import type { Analysis, Decision, JsonObject, Observation, Outcome } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { MissingRowError } from '../errors';
import { json, prepared, row, rows, text } from '../sql';
import type { BeginStep, BegunStep, CallRecord, FinishStep, StepRecord, StepState } from './step';
import { BEGIN_STEP, CALLS, FINISH_STEP, SAVE_ANALYSES } from './step.sql';

const OUTPUTS = prepared(
  'step_outputs',
  `SELECT id, output FROM step WHERE goal_id = $1 AND state = 'succeeded' AND ($2::text[] IS NULL OR id = ANY ($2))`,
);

const OBSERVATION = prepared(
  'get_observation',
  `SELECT body FROM observation WHERE goal_id = $1 AND month = (SELECT month FROM goal WHERE id = $1)
    AND step_id = $2 AND ($3::integer IS NULL OR call_no = $3)
  ORDER BY call_no DESC LIMIT 1`,
);

/** Steps, the decisions and actions that do them, and what was observed. */
export class StepRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Marks the step as running, stores decision and action; or says that this call, or the whole step, is finished, and
   * changes nothing. One statement (two in the rare race where another worker finished it meanwhile).
   *
   * @throws {MissingRowError} when the goal is not there
   */
  async begin(goalId: string, call: BeginStep): Promise<BegunStep> {
    const { step, callNo, tool } = call;
    const parameters = [
      goalId,
      step.id,
      callNo,
      step.label,
      step.operator,
      text(step.summary),
      call.planRevision,
      tool,
      json(call.decision),
      json(call.args),
      call.idempotencyKey,
    ];
    const begun = await row<{ attempts: number | null; stored: Observation | null }>(this.tx, BEGIN_STEP, parameters);
    if (typeof begun?.attempts === 'number') return { attempts: begun.attempts, stored: null };
    const stored =
      begun?.stored ?? (await this.observation(goalId, step.id, callNo)) ?? (await this.observation(goalId, step.id));
    if (!stored)
      throw new MissingRowError(`Step ${step.id} cannot begin: goal ${goalId} is not stored`, {
        goalId,
        stepId: step.id,
      });
    return { attempts: 0, stored };
  }

  /**
   * Stores the observation, the action's outcome, the step's state and output, the ledger's answer and judgements of
   * earlier calls. One statement. Repeats change nothing.
   *
   * @returns false when another attempt at the same call was first: its result stays
   */
  async finish(goalId: string, call: FinishStep): Promise<boolean> {
    const finished = await row<{ stored: number }>(this.tx, FINISH_STEP, [
      goalId,
      call.stepId,
      call.callNo,
      call.observation.outcome,
      json(call.observation),
      call.state,
      json(call.output),
      text(call.observation.summary),
      call.effect?.key ?? null,
      call.effect?.state ?? null,
      json(call.effect?.result),
      json(call.analyses ?? []),
    ]);
    return finished?.stored === 1;
  }

  /** Outputs of the succeeded steps among those named (of all when none are), by step id. One statement. */
  async outputs(goalId: string, stepIds?: readonly string[]): Promise<Record<string, JsonObject>> {
    const found = await rows<{ id: string; output: JsonObject | null }>(this.tx, OUTPUTS, [goalId, stepIds ?? null]);
    return Object.fromEntries(found.map(({ id, output }) => [id, output ?? {}]));
  }

  /** What came back from one call, or from the step's last one; null when nothing has. One statement. */
  async observation(goalId: string, stepId: string, callNo?: number): Promise<Observation | null> {
    const found = await row<{ body: Observation }>(this.tx, OBSERVATION, [goalId, stepId, callNo ?? null]);
    return found?.body ?? null;
  }

  /** Adds judgements to observations that have none yet. One statement, none for an empty list. */
  async saveAnalyses(goalId: string, analyses: readonly Analysis[]): Promise<void> {
    if (analyses.length > 0) await rows(this.tx, SAVE_ANALYSES, [goalId, json(analyses)]);
  }

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
