import type { JsonObject } from '@goalkeeper/domain';
import {
  toPublicId,
  type ErasureReceipt,
  type LearningReport,
  type LearningSettingsView,
  type LessonDetail,
  type LessonView,
  type SnapshotView,
} from '@goalkeeper/contracts';
import type { Erasure, LearningState, SnapshotSummary, StoredLesson } from '@goalkeeper/persistence';

export function toLessonView(lesson: StoredLesson): LessonView {
  const { id, kind, key, status, origin, body, tasks, statistics, createdAt, updatedAt } = lesson;
  const { trial, ...counts } = statistics;
  return {
    ...{ id: toPublicId('les', id), kind, key, status, origin, tasks: [...tasks] },
    body: body as unknown as JsonObject,
    statistics: { ...counts, trial: trial && { ...trial, with: { ...trial.with }, without: { ...trial.without } } },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export function toLessonDetail(lesson: StoredLesson): LessonDetail {
  return {
    ...toLessonView(lesson),
    sources: lesson.sources.map((goalId) => toPublicId('goal', goalId)),
    versions: { ...lesson.versions },
    history: lesson.history.map(({ atMs, status, reason }) => ({ at: new Date(atMs).toISOString(), status, reason })),
  };
}

export function toSnapshotView({ id, createdAt, ...snapshot }: SnapshotSummary): SnapshotView {
  return { id: toPublicId('snap', id), ...snapshot, createdAt: createdAt.toISOString() };
}

export function toSettingsView({ enabled, frozen, controlShare, trialShare }: LearningState): LearningSettingsView {
  return { enabled, frozen, controlShare, trialShare };
}

/** What the schedule noted of its last round; it was written by us. */
export function toLastRun({ lastRun }: LearningState): LearningReport['lastRun'] {
  if (lastRun === null) return null;
  const run = lastRun as unknown as NonNullable<LearningReport['lastRun']>;
  return { ...run, snapshotId: run.snapshotId && toPublicId('snap', run.snapshotId) };
}

export function toReceipt({ id, goalId, createdAt, touched, ...counts }: Erasure): ErasureReceipt {
  return {
    id: toPublicId('ers', id),
    goalId: toPublicId('goal', goalId),
    ...counts,
    touched: { ...touched },
    createdAt: createdAt.toISOString(),
  };
}
