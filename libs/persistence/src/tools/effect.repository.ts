import { randomUUID } from 'node:crypto';
import type { EffectClass, EffectState, JsonObject } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { MissingRowError } from '../errors';
import { json, prepared, row, rows } from '../sql';

/** An effect that is about to happen; `key` = hash(goal, lineage, tool, intent, occurrence). */
export interface EffectClaim {
  readonly key: string;
  readonly goalId: string;
  readonly stepId: string;
  readonly lineage: string;
  readonly tool: string;
  /** Digest of the arguments that carry meaning. */
  readonly intent: string;
  readonly occurrence: number;
  readonly class: EffectClass;
}

export interface ClaimedEffect {
  /**
   * True when the caller may dispatch now. False when the ledger has the answer (`confirmed`), when nobody knows
   * (`uncertain`), or when a `once` effect was begun and its end was never recorded (`dispatched`): probe or ask.
   */
  readonly granted: boolean;
  readonly state: EffectState;
  readonly result: JsonObject | null;
  /** Dispatches so far, this one included when granted. */
  readonly attempts: number;
}

export interface EffectRecord extends EffectClaim {
  readonly state: EffectState;
  readonly result: JsonObject | null;
  readonly attempts: number;
  readonly plannedAt: Date;
  readonly dispatchedAt: Date | null;
  readonly settledAt: Date | null;
}

/**
 * Whoever inserts the row, or finds it planned or failed (known not to have happened), dispatches; a begun effect is
 * dispatched again only where its class makes a repeat harmless. The token tells the caller whether it was let through.
 */
const CLAIM = prepared(
  'claim_effect',
  `
  INSERT INTO effect AS e (tenant_id, key, goal_id, step_id, lineage, tool, intent, occurrence, class, state, attempts, claim, dispatched_at)
  SELECT tenant_id, $1::text, id, $3::text, $4::text, $5::text, $6::text, $7::integer, $8::text, 'dispatched', 1, $9::uuid, clock_timestamp()
  FROM goal WHERE id = $2
  ON CONFLICT (tenant_id, key) DO UPDATE SET
    claim = CASE WHEN GRANTABLE THEN excluded.claim ELSE e.claim END,
    attempts = e.attempts + CASE WHEN GRANTABLE THEN 1 ELSE 0 END,
    dispatched_at = CASE WHEN GRANTABLE THEN excluded.dispatched_at ELSE e.dispatched_at END,
    state = CASE WHEN GRANTABLE THEN 'dispatched' ELSE e.state END
  RETURNING state, result, attempts, claim = $9 AS granted`.replaceAll(
    'GRANTABLE',
    `(e.state IN ('planned', 'failed') OR (e.state = 'dispatched' AND e.class <> 'once'))`,
  ),
);

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

  /**
   * Enters the effect as dispatched, or returns what the ledger knows of it; concurrent claims take turns. One
   * statement. Commit before dispatching (`idempotent`, `once`) or commit with the result (`transactional`).
   *
   * @throws {MissingRowError} when the goal is not there
   */
  async claim(effect: EffectClaim): Promise<ClaimedEffect> {
    const { key, goalId, stepId, lineage, tool, intent, occurrence } = effect;
    const claimed = await row<ClaimedEffect>(this.tx, CLAIM, [
      key,
      goalId,
      stepId,
      lineage,
      tool,
      intent,
      occurrence,
      effect.class,
      randomUUID(),
    ]);
    if (!claimed) throw new MissingRowError(`No effect can be entered: goal ${goalId} is not stored`, { goalId, key });
    return claimed;
  }

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
