import {
  type GoalLesson,
  HARM_REASON,
  type LessonKind,
  type LessonRecord,
  type LessonStatus,
} from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { newId } from '../ids';
import { json, row, rows } from '../sql';
import { LearningRepository } from './learning.repository';
import { LESSON_COLUMNS, type LessonColumns, toRecord } from './lesson-row';

/** A lesson as lists and people see it. */
export type StoredLesson = LessonRecord & { readonly createdAt: Date; readonly updatedAt: Date };

export interface LessonQuery {
  readonly kind: LessonKind | null;
  readonly status: LessonStatus | null;
  /** `kept`: those that are not retired; `harmful`: those that were retired for harm. */
  readonly standing?: 'kept' | 'harmful';
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

export interface Erasure {
  readonly id: string;
  readonly goalId: string;
  readonly episodes: number;
  readonly lessons: number;
  readonly snapshots: number;
  readonly createdAt: Date;
}

/** Sums of a tool's record, and what a goal added to each. */
const TOOL_SUMS = [
  ['successes', 'successes'],
  ['failures', 'failures'],
  ['duration_ms', '"durationMs"'],
  ['log_ms', '"logMs"'],
  ['squared_log_ms', '"squaredLogMs"'],
  ['cost_usd', '"costUsd"'],
] as const;

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
         AND CASE $6::text WHEN 'kept' THEN l.status <> 'retired'
           WHEN 'harmful' THEN l.status = 'retired' AND starts_with(l.history->-1->>'reason', $7) ELSE true END
       ORDER BY date_trunc('milliseconds', l.created_at) DESC, l.id DESC LIMIT $5`,
      [kind, status, before?.createdAt ?? null, before?.id ?? null, limit, standing ?? null, HARM_REASON],
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
    await rows(
      this.tx,
      `UPDATE lesson l SET status = 'retired', updated_at = now(), history = l.history || $2::jsonb
       WHERE l.status IN ('trial', 'active') AND NOT EXISTS (SELECT FROM snapshot_lesson s WHERE s.snapshot_id = $1 AND s.lesson_id = l.id)`,
      [snapshotId, change('retired')],
    );
    const made = await learning.takeSnapshot(reason);
    return (await this.snapshots(1)).find(({ id }) => id === made) ?? null;
  }

  /**
   * Takes everything that one goal taught out of memory: its episode, what it added to the records of tools and methods, and
   * every lesson that came of it, in snapshots too. The caller holds the lock, learns anew from what is left and takes a
   * snapshot. Leaves a receipt.
   */
  async erase(goalId: string): Promise<Erasure> {
    const stems = await rows<{ stem: string }>(
      this.tx,
      'SELECT w.stem FROM episode_word w JOIN episode e ON e.id = w.episode_id WHERE e.goal_id = $1',
      [goalId],
    );
    const told = await row(this.tx, 'DELETE FROM episode WHERE goal_id = $1 RETURNING id', [goalId]);
    await this.forgetWords(stems.map(({ stem }) => stem));
    const affected = await rows<{ id: string }>(
      this.tx,
      'DELETE FROM lesson l USING lesson_source s WHERE s.lesson_id = l.id AND s.goal_id = $1 RETURNING l.id',
      [goalId],
    );
    const ids = affected.map(({ id }) => id);
    await rows(this.tx, 'DELETE FROM trial_assignment WHERE goal_id = $1 OR lesson_id = ANY ($2::uuid[])', [
      goalId,
      ids,
    ]);
    const cut = await rows<{ snapshot: string }>(
      this.tx,
      'DELETE FROM snapshot_lesson WHERE lesson_id = ANY ($1::uuid[]) RETURNING snapshot_id AS snapshot',
      [ids],
    );
    const found = await row<Erasure>(
      this.tx,
      `INSERT INTO erasure_receipt (id, tenant_id, goal_id, episodes, lessons, snapshots) VALUES ($1, gk_tenant(), $2, $3, $4, $5)
       RETURNING id, goal_id AS "goalId", episodes, lessons, snapshots, created_at AS "createdAt"`,
      [newId(), goalId, told ? 1 : 0, ids.length, new Set(cut.map(({ snapshot }) => snapshot)).size],
    );
    if (!found) throw new Error('the receipt of an erasure was not stored');
    return found;
  }

  /** Words that no episode has any more, so that nothing is found by them. */
  private async forgetWords(stems: readonly string[]): Promise<void> {
    await rows(
      this.tx,
      `DELETE FROM episode_stem k WHERE k.stem = ANY ($1::text[])
         AND NOT EXISTS (SELECT FROM episode_word w WHERE w.tenant_id = k.tenant_id AND w.stem = k.stem)`,
      [stems],
    );
  }

  /**
   * Takes a goal's share out of the running records of tools and methods, as far as it has not faded since; never below nothing.
   * Sampled values do not say whose they are: those of its tools are dropped and gather anew.
   *
   * @param atMs when the goal was added to the records
   */
  async subtract(taught: Pick<GoalLesson, 'tools' | 'methods'>, atMs: number): Promise<void> {
    const sums = TOOL_SUMS.map(
      ([column, added]) =>
        `${column} = greatest(0, t.${column} - coalesce(d.${added}, 0) * gk_decay($2::timestamptz, t.updated_at))`,
    );
    await rows(
      this.tx,
      `UPDATE tool_stat t SET ${sums.join(', ')}, samples = '{}'
       FROM jsonb_to_recordset($1::jsonb) AS d (tool text, context text, successes double precision, failures double precision,
         "durationMs" double precision, "logMs" double precision, "squaredLogMs" double precision, "costUsd" double precision)
       WHERE t.tool = d.tool AND t.context = coalesce(d.context, '')`,
      [json(taught.tools), new Date(atMs)],
    );
    await rows(
      this.tx,
      `UPDATE method_stat m SET successes = greatest(0, m.successes - d.successes * gk_decay($2::timestamptz, m.updated_at)),
         failures = greatest(0, m.failures - d.failures * gk_decay($2::timestamptz, m.updated_at))
       FROM jsonb_to_recordset($1::jsonb) AS d (task text, method text, successes double precision, failures double precision)
       WHERE m.task = d.task AND m.method = d.method`,
      [json(taught.methods), new Date(atMs)],
    );
  }
}
