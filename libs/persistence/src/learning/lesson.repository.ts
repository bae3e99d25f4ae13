import { type LessonKind, type LessonRecord, type LessonStatus } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { row, rows } from '../sql';
import { LearningRepository } from './learning.repository';
import { LESSON_COLUMNS, type LessonColumns, toRecord } from './lesson-row';

/** A lesson as lists and people see it. */
export type StoredLesson = LessonRecord & { readonly createdAt: Date; readonly updatedAt: Date };

export interface LessonQuery {
  readonly kind: LessonKind | null;
  readonly status: LessonStatus | null;
  /** Those that are not retired. */
  readonly standing?: 'kept';
  readonly limit: number;
  /** Lessons made before this one follow it: the newest come first. */
  readonly before: { readonly createdAt: Date; readonly id: string } | null;
}

export interface SnapshotSummary {
  readonly id: string;
  readonly seq: number;
  readonly reason: string;
  readonly createdAt: Date;
  readonly lessons: number;
  readonly isCurrent: boolean;
}

const WITH_TIMES = `${LESSON_COLUMNS}, date_trunc('milliseconds', l.created_at) AS "createdAt", l.updated_at AS "updatedAt"`;

/** Lessons and snapshots for the people who answer for them. */
export class LessonRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Newest first; one more than asked for tells that there are more. */
  async list({ kind, status, limit, before, standing }: LessonQuery): Promise<StoredLesson[]> {
    const found = await rows<LessonColumns & { createdAt: Date; updatedAt: Date }>(
      this.tx,
      `SELECT ${WITH_TIMES} FROM lesson l WHERE ($1::text IS NULL OR l.kind = $1) AND ($2::text IS NULL OR l.status = $2)
         AND ($3::timestamptz IS NULL OR (date_trunc('milliseconds', l.created_at), l.id) < ($3, $4::uuid))
         AND ($6::text IS NULL OR l.status <> 'retired')
       ORDER BY date_trunc('milliseconds', l.created_at) DESC, l.id DESC LIMIT $5`,
      [kind, status, before?.createdAt ?? null, before?.id ?? null, limit, standing ?? null],
    );
    return found.map((one) => toRecord(one) as StoredLesson);
  }

  async get(id: string): Promise<StoredLesson | null> {
    const found = await row<LessonColumns>(this.tx, `SELECT ${WITH_TIMES} FROM lesson l WHERE l.id = $1`, [id]);
    return found && (toRecord(found) as StoredLesson);
  }

  /** Newest first. */
  async snapshots(limit: number): Promise<SnapshotSummary[]> {
    return rows<SnapshotSummary>(
      this.tx,
      `SELECT s.id, s.seq::integer AS seq, s.reason, s.created_at AS "createdAt",
         (SELECT count(*)::integer FROM snapshot_lesson l WHERE l.snapshot_id = s.id) AS lessons,
         coalesce(s.id = t.snapshot_id, false) AS "isCurrent"
       FROM snapshot s LEFT JOIN learning_setting t ON t.tenant_id = s.tenant_id ORDER BY s.seq DESC LIMIT $1`,
      [limit],
    );
  }

  /**
   * Goes back to what an earlier snapshot held: its lessons come back as they were, what came later is retired, and the result
   * is a snapshot of its own. Null when there is no such snapshot.
   */
  async rollBack(snapshotId: string, nowMs: number): Promise<SnapshotSummary | null> {
    const learning = new LearningRepository(this.tx);
    await learning.lock();
    const target = await row<{ seq: string }>(this.tx, 'SELECT seq FROM snapshot WHERE id = $1', [snapshotId]);
    if (!target) return null;
    const reason = `rolled back to snapshot ${target.seq}`;
    const change = (status: string): string => JSON.stringify([{ atMs: nowMs, status, reason }]);
    await rows(
      this.tx,
      `UPDATE lesson l SET status = s.status, body = s.body, tasks = s.tasks, updated_at = now(),
         history = l.history || jsonb_build_array(jsonb_build_object(
           'atMs', $2::double precision, 'status', s.status, 'reason', $3::text))
       FROM snapshot_lesson s WHERE s.snapshot_id = $1 AND s.lesson_id = l.id`,
      [snapshotId, nowMs, reason],
    );
    await this.restoreSources(snapshotId);
    await rows(
      this.tx,
      `UPDATE lesson l SET status = 'retired', updated_at = now(), history = l.history || $2::jsonb
       WHERE l.status IN ('trial', 'active') AND NOT EXISTS (SELECT FROM snapshot_lesson s WHERE s.snapshot_id = $1 AND s.lesson_id = l.id)`,
      [snapshotId, change('retired')],
    );
    const made = await learning.takeSnapshot(reason);
    return (await this.snapshots(1)).find(({ id }) => id === made) ?? null;
  }

  /** What a lesson says again it rests on again, as far as the goals are still there. */
  private async restoreSources(snapshotId: string): Promise<void> {
    const pinned = `snapshot_lesson p JOIN lesson l ON l.id = p.lesson_id WHERE p.snapshot_id = $1 AND p.sources IS NOT NULL`;
    await rows(this.tx, `DELETE FROM lesson_source s USING ${pinned} AND s.lesson_id = p.lesson_id`, [snapshotId]);
    await rows(
      this.tx,
      `INSERT INTO lesson_source (tenant_id, lesson_id, goal_id) SELECT p.tenant_id, p.lesson_id, unnest(p.sources) FROM ${pinned}
       ON CONFLICT DO NOTHING`,
      [snapshotId],
    );
  }
}
