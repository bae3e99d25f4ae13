import type { JsonObject, LearningSettings, LessonChange, LessonRecord, LessonStatistics } from '@goalkeeper/domain';

/** A row of `lesson` with its sources, as {@link LESSON_COLUMNS} reads it. */
export interface LessonColumns {
  readonly id: string;
  readonly kind: LessonRecord['kind'];
  readonly key: string;
  readonly status: LessonRecord['status'];
  readonly body: JsonObject;
  readonly tasks: string[];
  readonly versions: Record<string, string>;
  readonly origin: 'learned' | 'imported';
  readonly statistics: LessonStatistics;
  readonly history: LessonChange[];
  readonly sources: string[];
}

export const LESSON_COLUMNS = `l.id, l.kind, l.key, l.status, l.body, l.tasks, l.versions, l.origin, l.statistics, l.history,
  ARRAY(SELECT s.goal_id::text FROM lesson_source s WHERE s.lesson_id = l.id ORDER BY s.goal_id) AS sources`;

/** The kind decides the shape of the body; both were checked when they were stored. */
export function toRecord(row: LessonColumns): LessonRecord {
  return { ...row } as unknown as LessonRecord;
}

/** Learning of a tenant, and the set of lessons that goals pin now. */
export interface LearningState extends LearningSettings {
  readonly snapshotId: string | null;
  readonly lastRun: JsonObject | null;
}

export const SETTING_COLUMNS = `enabled, frozen, control_share AS "controlShare", trial_share AS "trialShare",
  snapshot_id AS "snapshotId", last_run AS "lastRun"`;
