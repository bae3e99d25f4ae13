import type { Evidence } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, row, rows } from '../sql';
import type { VerificationRecord } from './step';

/** What the separate check of a goal's predicates found, by plan revision. */
export class VerificationRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Stores or replaces the finding for a revision (a repeated check may see more). One statement. */
  async save(
    goalId: string,
    revision: number,
    found: { holds: boolean; evidence: readonly Evidence[] },
  ): Promise<void> {
    await rows(
      this.tx,
      `INSERT INTO verification (tenant_id, goal_id, revision, holds, evidence)
       SELECT tenant_id, id, $2::integer, $3::boolean, $4::jsonb FROM goal WHERE id = $1
       ON CONFLICT (goal_id, revision) DO UPDATE SET
         holds = excluded.holds, evidence = excluded.evidence, created_at = excluded.created_at`,
      [goalId, revision, found.holds, json(found.evidence)],
    );
  }

  /** The finding for the highest revision, or null. One statement. */
  async latest(goalId: string): Promise<VerificationRecord | null> {
    return row<VerificationRecord>(
      this.tx,
      `SELECT revision, holds, evidence, created_at AS "createdAt" FROM verification
       WHERE goal_id = $1 ORDER BY revision DESC LIMIT 1`,
      [goalId],
    );
  }
}
