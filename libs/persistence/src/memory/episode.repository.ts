import type { EpisodeHit } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { rows } from '../sql';

/** A finished goal as memory keeps it. */
export type EpisodeRecord = Omit<EpisodeHit, 'why'>;

/** Single memories, for people who ask what a decision rested on. */
export class EpisodeRepository {
  constructor(private readonly tx: EntityManager) {}

  /** In the order of the ids; those that are unknown or of another tenant are left out. One statement. */
  async byIds(ids: readonly string[]): Promise<EpisodeRecord[]> {
    if (ids.length === 0) return [];
    return rows<EpisodeRecord>(
      this.tx,
      `SELECT id, goal_id AS "goalId", objective, task, outcome, methods
       FROM episode WHERE id = ANY ($1::uuid[]) ORDER BY array_position($1::uuid[], id)`,
      [ids],
    );
  }
}
