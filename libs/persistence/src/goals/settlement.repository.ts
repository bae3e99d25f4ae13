import type { Judgement, Observation } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, row, rows } from '../sql';
import type { NewEvent } from './event';

/** A call whose end nobody recorded. */
export interface UnknownCall {
  readonly goalId: string;
  readonly stepId: string;
  readonly tool: string;
  readonly callNo: number;
}

/** What a person's "it happened" leaves behind: an observation of its own, one call later. */
export interface PersonsWord {
  readonly observation: Observation;
  readonly analyses: readonly Judgement[];
  readonly events: readonly NewEvent[];
}

/** Acts on what people say of effects. */
export class SettlementRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Settles the effect of a call as a person says, once: an answer that was acted on before changes nothing, so that a call which
   * went out since is not let out a second time.
   *
   * @param word null when it did not happen
   */
  async settle(call: UnknownCall, word: PersonsWord | null): Promise<void> {
    const { goalId, stepId, tool, callNo } = call;
    const isFirst = await row(
      this.tx,
      `UPDATE question SET applied_at = now() WHERE goal_id = $1 AND key = $2 AND answered_at IS NOT NULL AND applied_at IS NULL RETURNING id`,
      [goalId, `effect:${stepId}:${callNo}`],
    );
    if (!isFirst) return;
    const open = await row<{ key: string }>(
      this.tx,
      `SELECT key FROM effect WHERE goal_id = $1 AND step_id = $2 AND tool = $3 AND state IN ('dispatched', 'uncertain')
       ORDER BY planned_at DESC LIMIT 1 FOR UPDATE`,
      [goalId, stepId, tool],
    );
    if (word) return this.happened(call, word, open?.key ?? null);
    if (open)
      await rows(this.tx, `UPDATE effect SET state = 'failed', settled_at = clock_timestamp() WHERE key = $1`, [
        open.key,
      ]);
  }

  /** Steps whose result turned out not to hold no longer count as done. One statement. */
  async unsettle(goalId: string, stepIds: readonly string[]): Promise<void> {
    await rows(
      this.tx,
      `UPDATE step SET state = 'skipped' WHERE goal_id = $1 AND id = ANY ($2::text[]) AND state = 'succeeded'`,
      [goalId, stepIds],
    );
  }

  private async happened(
    { goalId, stepId, callNo }: UnknownCall,
    word: PersonsWord,
    key: string | null,
  ): Promise<void> {
    const { observation, analyses, events } = word;
    const finish = {
      ...{ stepId, callNo: callNo + 1, observation, analyses, state: 'succeeded', output: {}, files: [] },
      ...(key ? { effect: { key, state: 'confirmed', result: null } } : {}),
      ...{ eventsBefore: [], eventsAfter: events },
    };
    await rows(this.tx, 'SELECT gk_finish_call(gk_tenant(), $1, $2)', [goalId, json(finish)]);
  }
}
