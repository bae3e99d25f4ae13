import type { EffectClass, EffectState, JsonObject } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, prepared, rows } from '../sql';

/** An effect as the ledger keeps it; `key` = hash(goal, lineage, tool, intent, occurrence). */
export interface EffectRecord {
  readonly key: string;
  readonly goalId: string;
  readonly stepId: string;
  readonly lineage: string;
  readonly tool: string;
  /** Digest of the arguments that carry meaning. */
  readonly intent: string;
  readonly occurrence: number;
  readonly class: EffectClass;
  readonly state: EffectState;
  readonly result: JsonObject | null;
  readonly attempts: number;
  readonly plannedAt: Date;
  readonly dispatchedAt: Date | null;
  readonly settledAt: Date | null;
}

const SELECT = `
  SELECT key, goal_id AS "goalId", step_id AS "stepId", lineage, tool, intent, occurrence, class, state, result, attempts,
    planned_at AS "plannedAt", dispatched_at AS "dispatchedAt", settled_at AS "settledAt"
  FROM effect`;

const SETTLE = prepared(
  'settle_effect',
  `UPDATE effect SET state = $2, result = $3, settled_at = clock_timestamp() WHERE key = $1 AND state <> 'confirmed'`,
);

/** The ledger of effects: entered before they happen, settled after. */
export class EffectRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Records how a dispatched effect ended. One statement. A confirmed effect stays confirmed. */
  async settle(
    key: string,
    state: Exclude<EffectState, 'planned' | 'dispatched'>,
    result: JsonObject | null,
  ): Promise<void> {
    await rows(this.tx, SETTLE, [key, state, json(result)]);
  }

  /** The effects of a goal, in the order they were entered. One statement. */
  async list(goalId: string): Promise<EffectRecord[]> {
    return rows<EffectRecord>(this.tx, `${SELECT} WHERE goal_id = $1 ORDER BY planned_at, key`, [goalId]);
  }
}
