import type { JsonObject } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, prepared, row, rows, text } from '../sql';

/** `start`: start the goal's workflow; `command`: deliver the command whose id is in the payload. */
export type OutboxKind = 'start' | 'command';

export interface NewOutboxEntry {
  readonly id: string;
  readonly kind: OutboxKind;
  readonly goalId: string;
  readonly payload: JsonObject;
}

export interface OutboxEntry extends NewOutboxEntry {
  readonly tenantId: string;
  /** Takes so far, this one included. */
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
}

export interface UnfinishedGoal {
  readonly goalId: string;
  readonly tenantId: string;
}

interface OutboxRowData {
  id: string;
  tenant_id: string;
  goal_id: string;
  kind: OutboxKind;
  payload: JsonObject;
  attempts: number;
  last_error: string | null;
  created_at: Date;
}

const ADD = prepared(
  'add_outbox_entry',
  `INSERT INTO outbox (id, tenant_id, goal_id, kind, payload, due_at)
  VALUES ($1, gk_tenant(), $2, $3, $4, clock_timestamp() + $5 * interval '1 millisecond') ON CONFLICT (id) DO NOTHING`,
);

/** What must reach Temporal. `add` inside the tenant's transaction; the rest also in `Database.system`. */
export class OutboxRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Adds an entry in the transaction of what it announces. One statement.
   *
   * @param holdMs how long sweepers leave it alone: whoever adds it usually delivers it at once, itself
   */
  async add(entry: NewOutboxEntry, holdMs = 0): Promise<void> {
    await rows(this.tx, ADD, [entry.id, entry.goalId, entry.kind, json(entry.payload), holdMs]);
  }

  /**
   * Takes due entries of all tenants, oldest first. What is taken comes back after `leaseMs` unless it is done by then.
   * Two sweepers never hold the same entry. One statement; use it in `Database.system` and let that commit.
   */
  async due(limit: number, leaseMs = 30_000): Promise<OutboxEntry[]> {
    const found = await rows<OutboxRowData>(
      this.tx,
      `SELECT * FROM gk_outbox_due($1, $2 * interval '1 millisecond') ORDER BY created_at, id`,
      [limit, leaseMs],
    );
    return found.map((entry) => ({
      id: entry.id,
      tenantId: entry.tenant_id,
      goalId: entry.goal_id,
      kind: entry.kind,
      payload: entry.payload,
      attempts: entry.attempts,
      lastError: entry.last_error,
      createdAt: entry.created_at,
    }));
  }

  /** Puts an entry back, to come again after `backoffMs`, with what went wrong. One statement. */
  async failed(id: string, problem: string, backoffMs: number): Promise<void> {
    await rows(this.tx, `SELECT gk_outbox_failed($1, $2, $3 * interval '1 millisecond')`, [
      id,
      text(problem),
      backoffMs,
    ]);
  }

  /**
   * Goals of all tenants that are not finished and have not moved for `idleMs`, by id: the sweeper looks whether their
   * workflow still runs, and starts it again where it was lost. One statement.
   *
   * @param afterId where the last page ended
   */
  async unfinishedGoals(idleMs: number, limit: number, afterId: string | null = null): Promise<UnfinishedGoal[]> {
    return rows<UnfinishedGoal>(
      this.tx,
      `SELECT goal_id AS "goalId", tenant_id AS "tenantId" FROM gk_unfinished_goals($1 * interval '1 millisecond', $2, $3)`,
      [idleMs, limit, afterId],
    );
  }

  /** Removes request keys older than 24 hours, of all tenants. One statement. */
  async forgetOldKeys(): Promise<number> {
    const answer = await row<{ count: string }>(this.tx, `SELECT gk_forget_old_keys(interval '24 hours') AS count`);
    return Number(answer?.count ?? 0);
  }
}
