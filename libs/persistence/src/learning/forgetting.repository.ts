import { HARM_REASON } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { rows } from '../sql';

/** Snapshots that are kept although no goal at work uses them: so many of the newest, and the last one of each of so many days. */
const KEPT_SNAPSHOTS = 30;
const KEPT_DAYS = 30;
/** Lessons that were retired are told of for so long, and never more of them: what did harm goes last. */
export const RETIRED_DAYS = 90;
export const RETIRED_AT_MOST = 1_000;

/** Rows that a round forgot. */
export interface Forgotten {
  readonly lessons: number;
  readonly assignments: number;
  readonly evidence: number;
  readonly snapshots: number;
}

/**
 * Keeps the store of learning within bounds that do not grow with the number of goals. Episodes stay, searchable: they are memory of
 * another kind. The caller holds the tenant's learning.
 */
export class ForgettingRepository {
  constructor(private readonly tx: EntityManager) {}

  /** @param evidence the newest goals that rounds learn from */
  async forget(evidence: number): Promise<Forgotten> {
    return {
      snapshots: await this.snapshots(),
      lessons: await this.retired(),
      assignments: await this.assignments(evidence),
      evidence: await this.evidence(2 * evidence),
    };
  }

  /** Drops old snapshots that nobody uses: neither the newest, nor the last of its day, nor pinned by a goal that is still at work. */
  async snapshots(): Promise<number> {
    return this.gone(
      `DELETE FROM snapshot s USING learning_setting t WHERE s.seq <= t.snapshot_seq - $1 AND s.id <> t.snapshot_id
         AND NOT EXISTS (SELECT FROM goal g WHERE g.finished_at IS NULL AND g.learning->>'snapshotId' = s.id::text)
         AND (s.created_at < now() - $2 * interval '1 day' OR EXISTS (SELECT FROM snapshot n WHERE n.seq > s.seq
           AND date_trunc('day', n.created_at, 'UTC') = date_trunc('day', s.created_at, 'UTC')))`,
      [KEPT_SNAPSHOTS, KEPT_DAYS],
    );
  }

  /** Retired lessons that are old or too many, unless a snapshot that is kept could bring them back. */
  private retired(): Promise<number> {
    return this.gone(
      `DELETE FROM lesson l USING (
         SELECT id, updated_at, row_number() OVER (
           ORDER BY coalesce(starts_with(history->-1->>'reason', $3), false) DESC, updated_at DESC, id) AS place
         FROM lesson WHERE status = 'retired'
       ) AS old
       WHERE l.id = old.id AND (old.updated_at < now() - $1 * interval '1 day' OR old.place > $2)
         AND NOT EXISTS (SELECT FROM snapshot_lesson s WHERE s.lesson_id = l.id)`,
      [RETIRED_DAYS, RETIRED_AT_MOST, HARM_REASON],
    );
  }

  /** What goals drew, once neither they need it (they have ended) nor a trial (it has ended, or looks at newer goals). */
  private assignments(evidence: number): Promise<number> {
    return this.gone(
      `WITH newest AS (SELECT goal_id FROM episode ORDER BY created_at DESC, id DESC LIMIT $1)
       DELETE FROM trial_assignment a
       WHERE NOT EXISTS (SELECT FROM goal g WHERE g.id = a.goal_id AND g.finished_at IS NULL)
         AND NOT (EXISTS (SELECT FROM lesson l WHERE l.id = a.lesson_id AND l.status = 'trial')
           AND EXISTS (SELECT FROM newest n WHERE n.goal_id = a.goal_id))`,
      [evidence],
    );
  }

  /** Empties the evidence of goals that no round looks at any more; a margin is left for erasures, which let older goals move up. */
  private evidence(kept: number): Promise<number> {
    return this.gone(
      `UPDATE episode e SET evidence = '{}' FROM (
         SELECT id FROM episode WHERE evidence IS NOT NULL AND evidence <> '{}' ORDER BY created_at DESC, id DESC OFFSET $1
       ) AS old WHERE e.id = old.id`,
      [kept],
    );
  }

  private async gone(sql: string, parameters: readonly unknown[]): Promise<number> {
    return (await rows(this.tx, `${sql} RETURNING 1`, parameters)).length;
  }
}
