import { compareGoals } from './compare';
import type { GoalEvidence } from './evidence';
import { type LessonChange, type LessonRecord, moved, sinceMs, type TrialResult } from './lesson-record';
import { agrees, concerns } from './proposers';

/** Which goals drew a lesson on trial, and which drew to do without. */
export interface TrialAssignment {
  readonly goalId: string;
  readonly lessonId: string;
  readonly given: boolean;
}

/** The bars that a lesson must pass. */
export const BARS = {
  /** Goals that must agree with a shadow before it is tried, and the share of those that say anything. */
  shadowGoals: 3,
  shadowShare: 0.6,
  /** Goals on each side of a trial before it is judged, and after which it must have shown something. */
  trialGoals: 8,
  trialMost: 60,
  pBetter: 0.95,
  harm: 0.25,
  /** Newest goals that are held against an active lesson. */
  watched: 10,
} as const;

interface Judging {
  readonly evidence: readonly GoalEvidence[];
  readonly assignments: readonly TrialAssignment[];
  readonly nowMs: number;
}

/** Where a lesson stands in the light of the goals that ended since it came to where it is. One move at most. */
export function judge(record: LessonRecord, judging: Judging): LessonRecord {
  const since = judging.evidence.filter(({ atMs, taint }) => atMs > sinceMs(record) && taint.length === 0);
  if (record.status === 'candidate') return judgeCandidate(record, since, judging.nowMs);
  if (record.status === 'shadow') return judgeShadow(record, since, judging.nowMs);
  if (record.status === 'trial') return judgeTrial(record, since, judging);
  if (record.status === 'active') return judgeActive(record, since, judging.nowMs);
  return record;
}

function votes(record: LessonRecord, goals: readonly GoalEvidence[]): { support: number; against: number } {
  const said = goals.map((goal) => agrees(record, goal));
  return {
    support: said.filter((vote) => vote === true).length,
    against: said.filter((vote) => vote === false).length,
  };
}

function judgeCandidate(record: LessonRecord, goals: readonly GoalEvidence[], nowMs: number): LessonRecord {
  const { support } = votes(record, goals);
  const said = withVotes(record, goals);
  if (support < 2) return said;
  return moved(said, { atMs: nowMs, status: 'shadow', reason: `${support} goals of this tenant agree with it` });
}

function withVotes(record: LessonRecord, goals: readonly GoalEvidence[]): LessonRecord {
  return { ...record, statistics: { ...record.statistics, ...votes(record, goals) } };
}

function judgeShadow(record: LessonRecord, goals: readonly GoalEvidence[], nowMs: number): LessonRecord {
  const said = withVotes(record, goals);
  const { support, against } = said.statistics;
  const share = support / Math.max(1, support + against);
  const told = `${support} of ${support + against} later goals agree with it`;
  if (support >= BARS.shadowGoals && share >= BARS.shadowShare)
    return moved(said, { atMs: nowMs, status: 'trial', reason: told });
  if (against >= BARS.shadowGoals && share < 0.5) return retired(said, nowMs, told);
  return said;
}

function judgeTrial(record: LessonRecord, since: readonly GoalEvidence[], judging: Judging): LessonRecord {
  const given = new Map(
    judging.assignments.filter(({ lessonId }) => lessonId === record.id).map((one) => [one.goalId, one.given]),
  );
  const touched = since.filter((goal) => goal.arm === 'on' && given.has(goal.goalId) && concerns(record, goal));
  const trial = compareGoals(
    touched.filter(({ goalId }) => given.get(goalId) === true),
    touched.filter(({ goalId }) => given.get(goalId) === false),
  );
  const said = { ...record, statistics: { ...record.statistics, trial } };
  const verdict = verdictOf(trial);
  return verdict ? moved(said, { atMs: judging.nowMs, ...verdict }) : said;
}

function verdictOf(trial: TrialResult): Omit<LessonChange, 'atMs'> | null {
  const least = Math.min(trial.with.goals, trial.without.goals);
  const told = `P(better) ${trial.pBetter.toFixed(2)}, P(harm) ${trial.harm.toFixed(2)} in ${trial.with.goals} goals with and ${trial.without.goals} without it`;
  if (least < BARS.trialGoals) return null;
  if (trial.pBetter > BARS.pBetter && trial.harm < BARS.harm) return { status: 'active', reason: told };
  if (trial.pBetter < 1 - BARS.pBetter) return { status: 'retired', reason: `harmful: ${told}` };
  return least >= BARS.trialMost ? { status: 'retired', reason: `no gain: ${told}` } : null;
}

/** An active lesson is still held against what happens: where the world has turned, it goes. */
function judgeActive(record: LessonRecord, since: readonly GoalEvidence[], nowMs: number): LessonRecord {
  const said = withVotes(record, since.filter((goal) => agrees(record, goal) !== null).slice(-BARS.watched));
  const { support, against } = said.statistics;
  if (against >= BARS.shadowGoals && against > 2 * support)
    return retired(said, nowMs, `no longer true: ${against} of the last ${support + against} goals disagree`);
  const harm = harmOf(record, since);
  if (harm && harm.pBetter < 1 - BARS.pBetter)
    return retired(said, nowMs, `harmful: P(better) ${harm.pBetter.toFixed(2)} against the control share`);
  return said;
}

/** Goals that had the lesson against those of the control share; null while one side is too small. */
function harmOf(record: LessonRecord, since: readonly GoalEvidence[]): TrialResult | null {
  const touched = since.filter((goal) => concerns(record, goal));
  const [on, off] = [touched.filter(({ arm }) => arm === 'on'), touched.filter(({ arm }) => arm === 'off')];
  return Math.min(on.length, off.length) < BARS.trialGoals ? null : compareGoals(on, off);
}

export function retired(record: LessonRecord, nowMs: number, reason: string): LessonRecord {
  return moved(record, { atMs: nowMs, status: 'retired', reason });
}
