import {
  type CalibrationMap,
  type EpisodeHit,
  type Learned,
  type MethodStat,
  plainWords,
  type ToolStat,
} from '@goalkeeper/domain';
import type { Functions } from '../database/functions';

/** A finished goal that may matter for a new one; why it matters is for the mind to say. */
export interface EpisodeCandidate extends Omit<EpisodeHit, 'why'> {
  /** PostgreSQL's rank of the shared words, 0 when none are shared; for ordering, not a similarity. */
  readonly rank: number;
}

export interface RecallQuery {
  /** The new goal in words, as they are. */
  readonly words: string;
  /** Name of the task, when it is known already. */
  readonly task: string | null;
  /** Episodes at most. */
  readonly limit: number;
  /** Stems of the words of a goal that names no task: which learned wordings it may be. */
  readonly stems?: readonly string[];
  /** Puts the goal on this side of the comparison; for tests and measurements. */
  readonly arm?: 'on' | 'off';
}

export interface Recalled {
  /** Episodes that share words with the goal or did the same task, best match first. */
  readonly episodes: readonly EpisodeCandidate[];
  /** Tools never used are missing. */
  readonly toolStats: readonly ToolStat[];
  readonly methodStats: readonly MethodStat[];
  /** Null until enough decisions have an end. */
  readonly calibration: CalibrationMap | null;
  /** What the goal uses of what was learned, pinned in its row. */
  readonly learned: Learned;
}

/** What earlier goals left behind. */
export class MemoryRepository {
  constructor(private readonly database: Functions) {}

  /** What may matter for a new goal; nothing for one of the control share. One statement. */
  async recall(ref: { readonly tenantId: string; readonly goalId: string }, query: RecallQuery): Promise<Recalled> {
    return this.database.perform({ name: 'gk_recall', ...ref, input: { ...query, words: plainWords(query.words) } });
  }
}
