import type { Evidence, JsonObject, Judgement } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import type { FunctionCall, Functions } from '../database/functions';
import { GoalNotFoundError } from '../errors';
import type { NewEvent } from '../goals/event';
import { row } from '../sql';
import type { ProducedFile } from './call';
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

  /**
   * Stores or replaces the finding for a revision (a repeated check may see more), with its events where it is
   * new. A goal that has ended keeps the finding it has. One statement.
   *
   * @throws {GoalNotFoundError}
   */
  async save(found: {
    readonly revision: number;
    readonly holds: boolean;
    readonly evidence: readonly Evidence[];
    readonly analyses: readonly Judgement[];
    readonly events: readonly NewEvent[];
  }): Promise<void> {
    const call: FunctionCall = { name: 'gk_store_verification', ...this.ref, input: found };
    if ((await this.database.perform<true | null>(call)) === null) throw new GoalNotFoundError(this.ref.goalId);
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
