import type { JsonObject } from '@goalkeeper/domain';
import type { FrameTx } from '../database/frame';
import type { Database } from '../database/database';
import type { FunctionCall, FunctionName } from '../database/functions';
import { sqlState } from '../database/transaction';
import { MissingRowError } from '../errors';
import type { BeginCall, BegunCall, FinishCall, FinishedCall } from './call';

/** The goal's state refuses (SQLSTATE of our functions). */
const REFUSED = 'GK409';
const STATEMENT_MS = 30_000;

/** Thrown inside a frame, so that nothing of it is stored. */
export class GoalStoppedError extends Error {}

/** The calls of one goal's steps, as they go out and come back. */
export class CallRepository {
  constructor(
    private readonly database: Database,
    private readonly ref: { readonly tenantId: string; readonly goalId: string },
  ) {}

  /** Outputs of the succeeded steps among those named, by step id. One statement, none for an empty list. */
  async outputs(stepIds: readonly string[]): Promise<Record<string, JsonObject>> {
    return stepIds.length === 0 ? {} : this.database.perform(this.call('gk_step_outputs', stepIds));
  }

  /**
   * Marks the step as running, stores decision and action, tells the goal's readers and enters the effect; or says that this call,
   * or the whole step, is finished, and changes nothing. One statement, one transaction.
   *
   * @throws {MissingRowError} when the goal is not there
   * @throws {GoalStoppedError} when the goal is in one of the states that refuse; nothing is stored then
   */
  async begin(call: BeginCall): Promise<BegunCall> {
    return this.begun(call, await this.database.perform<BegunCall | null>(this.beginning(call)).catch(asStopped));
  }

  /**
   * Stores the observation and all that follows from it: action, step, ledger, files, judgements of earlier calls, events. One
   * statement, one transaction. Where another attempt at the call was first, its observation is the answer.
   *
   * @throws {GoalStoppedError} when the goal is in one of the states that refuse; nothing is stored then
   */
  async finish(call: FinishCall): Promise<FinishedCall> {
    return this.database.perform<FinishedCall>(this.call('gk_finish_call', call)).catch(asStopped);
  }

  /**
   * Begins a call, does its work and stores its result in one transaction; `work` may answer that there is nothing to store.
   *
   * @param statementMs how long each statement may take at most, those of `work` included; 30 s unless told
   * @throws {GoalStoppedError} when the goal is in one of the states that refuse; nothing is stored then
   */
  async within<T>(
    call: BeginCall,
    work: (begun: BegunCall, tx: FrameTx) => Promise<{ readonly result: T; readonly finish: FinishCall | null }>,
    statementMs = STATEMENT_MS,
  ): Promise<T> {
    return this.database
      .framed<BegunCall | null, T>({ call: this.opening(call), statementMs }, async (answer, tx) => {
        const { result, finish } = await work(this.begun(call, answer), tx);
        return { result, closing: finish && this.closing(call, finish) };
      })
      .catch(asStopped);
  }

  private begun({ step }: BeginCall, answer: BegunCall | null): BegunCall {
    if (answer) return answer;
    const { goalId } = this.ref;
    const message = `Step ${step.id} cannot begin: goal ${goalId} is not stored`;
    throw new MissingRowError(message, { goalId, stepId: step.id });
  }

  private opening({ step, planRevision, callNo, effect, refuseWhen = [] }: BeginCall): FunctionCall {
    const { id: stepId, label, operator, summary } = step;
    const claimed = effect ? { effectKey: effect.key } : {};
    return this.call('gk_open_call', {
      stepId,
      label,
      operator,
      summary,
      planRevision,
      callNo,
      refuseWhen,
      ...claimed,
    });
  }

  private closing(call: BeginCall, finish: FinishCall): FunctionCall {
    const { tool, args, decision, idempotencyKey } = call;
    return this.call('gk_close_call', { ...finish, tool, args, decision, idempotencyKey, ...claimOf(call) });
  }

  private beginning(call: BeginCall): FunctionCall {
    const { step, effect: _claimed, events, refuseWhen = [], ...rest } = call;
    const { id: stepId, label, operator, summary } = step;
    return this.call('gk_begin_call', {
      ...rest,
      ...{ stepId, label, operator, summary },
      ...claimOf(call),
      ...(events ? { started: events.first, begunAgain: events.again, refuseWhen } : {}),
    });
  }

  private call(name: FunctionName, input: object): FunctionCall {
    return { name, ...this.ref, input };
  }
}

/** The effect as the ledger enters it. */
function claimOf({ step, effect, tool }: BeginCall): { readonly claim?: object } {
  const { id: stepId, lineage, occurrence } = step;
  return effect ? { claim: { ...effect, stepId, lineage, occurrence, tool } } : {};
}

function asStopped(error: unknown): never {
  throw sqlState(error) === REFUSED ? new GoalStoppedError('The goal is being stopped') : error;
}
