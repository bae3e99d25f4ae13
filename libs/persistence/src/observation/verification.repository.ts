import type { Evidence, JsonObject } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import type { Functions } from '../database/functions';
import type { NewEvent } from '../goals/event';
import { row } from '../sql';
import type { JudgedCall, ProducedFile } from './call';
import type { VerificationRecord } from './step';

/** What a goal's steps left behind. */
export interface WorkDone {
  /** By label of the step. */
  readonly outputs: Readonly<Record<string, JsonObject>>;
  /** Oldest first. */
  readonly produced: readonly Omit<ProducedFile, 'event'>[];
}

/** What the separate check of a goal's predicates starts from, and what it finds. */
export class VerificationStore {
  constructor(
    private readonly database: Functions,
    private readonly ref: { readonly tenantId: string; readonly goalId: string },
  ) {}

  /** What the goal's steps left behind. One statement. */
  async workDone(): Promise<WorkDone> {
    return this.database.perform({ name: 'gk_work_done', ...this.ref, input: {} });
  }

  /** Stores or replaces the finding for a revision (a repeated check may see more), with its events. One statement. */
  async save(found: {
    readonly revision: number;
    readonly holds: boolean;
    readonly evidence: readonly Evidence[];
    readonly analyses: readonly JudgedCall[];
    readonly events: readonly NewEvent[];
  }): Promise<void> {
    await this.database.perform({ name: 'gk_store_verification', ...this.ref, input: found });
  }
}

/** Findings, for those who show them. */
export class VerificationRepository {
  constructor(private readonly tx: EntityManager) {}

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
