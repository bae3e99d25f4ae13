import type { GoalEvidence } from './evidence';
import { BARS, HARMFUL, harmOf, participationIn } from './judge';
import type { LessonRecord } from './lesson-record';
import { type ArmSummary, gainOf, type Interval, summaryOf } from './report-lift';

/** How goals fared in which a lesson took part, against goals of the control share in which it could have. */
export interface LessonHarm {
  readonly lessonId: string;
  /** True where it was retired for harm; what is told of it then is what the goals that are still kept say. */
  readonly takenBack: boolean;
  readonly having: ArmSummary;
  readonly lacking: ArmSummary;
  /** Difference of the shares of verified goals, having − lacking; null while one side has none. */
  readonly verifiedGain: Interval | null;
  /** Probability that goals score better with it; null while one side has fewer than {@link BARS.trialGoals} goals. */
  readonly pBetter: number | null;
}

/**
 * The lessons that did harm: those that were retired for it, and those with which goals score worse than those of the control share with
 * a probability above {@link BARS.pBetter}. A goal counts for a lesson that took part in its plans, decisions or recoveries.
 *
 * @param evidence goals whose side was drawn
 */
export function harmIn(records: readonly LessonRecord[], evidence: readonly GoalEvidence[]): LessonHarm[] {
  const taught = new Set(evidence.flatMap(({ took }) => took ?? []));
  return records.flatMap((record) => {
    const takenBack = record.status === 'retired' && (record.history.at(-1)?.reason.startsWith(HARMFUL) ?? false);
    if (!takenBack && !taught.has(record.id)) return [];
    const known = evidence.filter(({ arm, took }) => arm === 'off' || took?.includes(record.id));
    const { having, lacking } = participationIn(record, known);
    const pBetter = harmOf({ having, lacking })?.pBetter ?? null;
    if (!takenBack && (pBetter === null || pBetter >= 1 - BARS.pBetter)) return [];
    const verifiedGain = having.length > 0 && lacking.length > 0 ? gainOf(having, lacking) : null;
    const sides = { having: summaryOf(having), lacking: summaryOf(lacking) };
    return [{ lessonId: record.id, takenBack, ...sides, verifiedGain, pBetter }];
  });
}
