import {
  CONTROL_SHARE,
  type GoalEvidence,
  type LessonKind,
  type LessonStatus,
  type ReportGoal,
} from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { row, rows } from '../sql';

/** Newest goals that a report looks at. */
const REPORTED_GOALS = 5_000;

const DRAWN = `g.learning ? 'arm' AND CASE WHEN g.learning ? 'why' THEN g.learning->>'why' = 'drawn'
  ELSE g.learning->>'arm' = 'on' OR gk_draw('control ' || g.id) < $2 END`;

export interface LearningFigures {
  readonly lessons: readonly { readonly kind: LessonKind; readonly status: LessonStatus; readonly count: number }[];
  readonly bytes: { readonly lessons: number; readonly snapshots: number; readonly evidence: number };
  /** What recall took in the newest thousand goals, milliseconds inside the database; null before the first. */
  readonly recall: { readonly goals: number; readonly p50Ms: number | null; readonly p95Ms: number | null };
}

/** What reports on learning are made of; reads only. */
export class LearningReportRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Finished goals whose side was drawn, newest first: those that ran without learning because it was switched off, or because somebody
   * asked for it, are other goals at another time. Goals of older versions do not say why: the draw is made anew.
   */
  async goals(): Promise<ReportGoal[]> {
    return rows<ReportGoal>(
      this.tx,
      `SELECT e.task_name AS task, g.learning->>'arm' AS arm, e.outcome = 'verified' AS verified, g.calls_made AS calls
       FROM (SELECT goal_id, task_name, outcome FROM episode ORDER BY created_at DESC, id DESC LIMIT $1) e
       JOIN goal g ON g.id = e.goal_id WHERE ${DRAWN}`,
      [REPORTED_GOALS, CONTROL_SHARE.most],
    );
  }

  /** What the newest of those goals showed, with the lessons that took part in each; newest first. */
  async evidence(atMost: number): Promise<GoalEvidence[]> {
    const found = await rows<{ evidence: GoalEvidence }>(
      this.tx,
      `SELECT e.evidence FROM (SELECT goal_id, evidence FROM episode WHERE evidence IS NOT NULL AND evidence <> '{}'
         ORDER BY created_at DESC, id DESC LIMIT $1) e JOIN goal g ON g.id = e.goal_id WHERE ${DRAWN}`,
      [atMost, CONTROL_SHARE.most],
    );
    return found.map(({ evidence }) => evidence);
  }

  async figures(): Promise<LearningFigures> {
    const lessons = await rows<LearningFigures['lessons'][number]>(
      this.tx,
      'SELECT kind, status, count(*)::integer AS count FROM lesson GROUP BY kind, status ORDER BY kind, status',
    );
    const bytes = await row<LearningFigures['bytes']>(
      this.tx,
      `SELECT (SELECT coalesce(sum(pg_column_size(l.*)), 0)::double precision FROM lesson l) AS lessons,
         (SELECT coalesce(sum(pg_column_size(s.*)), 0)::double precision FROM snapshot_lesson s) AS snapshots,
         (SELECT coalesce(sum(pg_column_size(e.evidence)), 0)::double precision FROM episode e) AS evidence`,
    );
    const recall = await row<LearningFigures['recall']>(
      this.tx,
      `SELECT count(ms)::integer AS goals, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS "p50Ms",
         percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) AS "p95Ms"
       FROM (SELECT (learning->>'recallMs')::double precision AS ms FROM goal WHERE learning ? 'recallMs'
         ORDER BY created_at DESC, id DESC LIMIT 1000) r`,
    );
    return {
      lessons,
      bytes: bytes ?? { lessons: 0, snapshots: 0, evidence: 0 },
      recall: recall ?? { goals: 0, p50Ms: null, p95Ms: null },
    };
  }
}
