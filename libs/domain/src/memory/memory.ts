import type { TaskRequest } from '../goals/goal';
import type { Learned } from '../learning/lesson';
import type { CalibrationMap } from '../selection/calibration-map';
import type { ToolStat } from '../selection/selection';

/** A finished goal that memory keeps, as recall shows it. */
export interface EpisodeHit {
  readonly id: string;
  readonly goalId: string;
  readonly objective: string;
  readonly task: TaskRequest;
  readonly outcome: 'verified' | 'failed';
  /** method names by compound task. */
  readonly methods: Readonly<Record<string, string>>;
  /** Why it matched: `same task`, `words 0.42`, … */
  readonly why: readonly string[];
}

/** How often a method led to a verified goal, for this tenant and task. */
export interface MethodStat {
  readonly task: string;
  readonly method: string;
  readonly successes: number;
  readonly failures: number;
}

/** What a goal knows before it plans. */
export interface Recall {
  readonly episodes: readonly EpisodeHit[];
  readonly toolStats: readonly ToolStat[];
  readonly methodStats: readonly MethodStat[];
  /** Absent in goals that an older version began. */
  readonly learned?: Learned;
  /** How stated probabilities turned out so far; absent until enough decisions have an end. */
  readonly calibration?: CalibrationMap | null;
}
