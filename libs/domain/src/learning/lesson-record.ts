import type { Lesson, LessonBodies, LessonKind, LessonStatus } from './lesson';

/** How two groups of goals compare: those that had the lesson and those that had not. */
export interface TrialSide {
  readonly goals: number;
  readonly verified: number;
  /** Mean of the goals' scores, see `scoreOfGoal`, and their variance. */
  readonly mean: number;
  readonly variance: number;
}

export interface TrialResult {
  readonly with: TrialSide;
  readonly without: TrialSide;
  /** Probability that goals score better with the lesson. */
  readonly pBetter: number;
  /** Probability that goals fail more often with the lesson, beyond the margin. */
  readonly harm: number;
}

export interface LessonStatistics {
  /** Goals that it was learned from and are still kept. */
  readonly sources: number;
  /** Goals since it was admitted that agree with it, and that do not. */
  readonly support: number;
  readonly against: number;
  readonly trial: TrialResult | null;
}

/** A step in the life of a lesson. */
export interface LessonChange {
  readonly atMs: number;
  readonly status: LessonStatus;
  readonly reason: string;
}

/** A lesson with where it comes from and how it fared. */
export type LessonRecord = Lesson & {
  /** What it is about; with the kind it is unique in a tenant. */
  readonly key: string;
  /** Tasks of the goals it comes from: where it may matter. */
  readonly tasks: readonly string[];
  /** Goals it comes from. */
  readonly sources: readonly string[];
  /** Versions of the tools that it speaks of, when it was learned. */
  readonly versions: Readonly<Record<string, string>>;
  readonly origin: 'learned' | 'imported';
  readonly statistics: LessonStatistics;
  /** Oldest first; the last one is the status it has. */
  readonly history: readonly LessonChange[];
};

/** What a proposer takes out of the evidence. */
export type Candidate = {
  readonly [K in LessonKind]: {
    readonly kind: K;
    readonly key: string;
    readonly body: LessonBodies[K];
    readonly tasks: readonly string[];
    readonly sources: readonly string[];
    readonly versions: Readonly<Record<string, string>>;
  };
}[LessonKind];

/** Learning of one tenant. */
export interface LearningSettings {
  /** No goal uses what was learned, nothing is proposed. */
  readonly enabled: boolean;
  /** What is active stays as it is; nothing is proposed, promoted or forgotten. */
  readonly frozen: boolean;
  /** Share of the goals that run with learning off for good, 0.05..0.1. */
  readonly controlShare: number;
  /** Share of the goals with learning on that a lesson on trial is given to. */
  readonly trialShare: number;
}

export const DEFAULT_SETTINGS: LearningSettings = {
  enabled: true,
  frozen: false,
  controlShare: 0.08,
  trialShare: 0.5,
};
/** Bounds of the control share: less gives no report, more wastes goals. */
export const CONTROL_SHARE = { least: 0.05, most: 0.1 } as const;

/** How a lesson stands since when. */
export function sinceMs(record: Pick<LessonRecord, 'history'>): number {
  return record.history.at(-1)?.atMs ?? 0;
}

/** The record in a new status; the body is given where it changes too. */
export function moved(record: LessonRecord, change: LessonChange): LessonRecord {
  return { ...record, status: change.status, history: [...record.history, change].slice(-20) };
}

/** The lesson without what only learning itself looks at. */
export function toLesson({ id, kind, status, body }: LessonRecord): Lesson {
  return { id, kind, status, body } as Lesson;
}
