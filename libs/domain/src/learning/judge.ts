import { plural } from '../counting';
import { compareGoals, type ScoredGoal } from './compare';
import type { GoalEvidence } from './evidence';
import { type LessonChange, type LessonRecord, moved, sinceMs, type TrialResult } from './lesson-record';
import { isObject } from '../planning/terms';
import { canonicalJson, type JsonObject } from '../json';
import type { SearchGuidance } from './lesson';
import { agrees, concerns } from './proposers';

/** Which goals drew a lesson on trial, and which drew to do without. */
export interface TrialAssignment {
  readonly goalId: string;
  readonly lessonId: string;
  readonly given: boolean;
}

/** What a lesson was retired for, where that keeps it from coming back soon. */
export const HARMFUL = 'harmful';
export const NO_GAIN = 'no gain';
/** How the reason begins for which a person went back to what a snapshot held. */
export const ROLLED_BACK = 'rolled back';

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
  /** Trials of a tenant at once: more would share out too few goals to each. */
  trialsAtOnce: 24,
  /** And of one kind: lessons that change little are long on trial, and would keep others out. */
  trialsOfKind: 8,
  /** Newest goals that are held against an active lesson. */
  watched: 10,
} as const;

/** What the lessons of one round are held against. */
export interface Judging {
  /** Goals that nothing speaks against, oldest first. */
  readonly clean: readonly GoalEvidence[];
  /** What goals drew, by lesson and goal. */
  readonly given: ReadonlyMap<string, ReadonlyMap<string, boolean>>;
  /** When a lesson of a task was last retired for harm, by task: what goals suffered until then is not laid at others. */
  readonly harmedUntilMs: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

/** Looks the evidence of a round over once for all of its lessons. */
export function judgingOf(input: {
  readonly evidence: readonly GoalEvidence[];
  readonly assignments: readonly TrialAssignment[];
  readonly records?: readonly LessonRecord[];
  readonly nowMs: number;
}): Judging {
  const given = new Map<string, Map<string, boolean>>();
  for (const { goalId, lessonId, given: isGiven } of input.assignments) {
    const goals = given.get(lessonId);
    if (goals) goals.set(goalId, isGiven);
    else given.set(lessonId, new Map([[goalId, isGiven]]));
  }
  const clean = input.evidence.filter(({ taint }) => taint.length === 0).toSorted((a, b) => a.atMs - b.atMs);
  return { clean, given, harmedUntilMs: harmsIn(input.records ?? []), nowMs: input.nowMs };
}

function harmsIn(records: readonly LessonRecord[]): Map<string, number> {
  const until = new Map<string, number>();
  for (const { status, history, tasks } of records) {
    const last = history.at(-1);
    if (status !== 'retired' || !last?.reason.startsWith(HARMFUL)) continue;
    for (const task of tasks) until.set(task, Math.max(until.get(task) ?? 0, last.atMs));
  }
  return until;
}

/** The goals that ended after a moment; those given are in order of time. */
function endedAfter(goals: readonly GoalEvidence[], atMs: number): readonly GoalEvidence[] {
  let [from, to] = [0, goals.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((goals[middle]?.atMs ?? 0) > atMs) to = middle;
    else from = middle + 1;
  }
  return goals.slice(from);
}

/**
 * Where a lesson stands in the light of the goals that ended since it came to where it is. One move at most.
 *
 * @param mayTry false while as many lessons are on trial as may be at once
 */
export function judge(record: LessonRecord, judging: Judging, mayTry: boolean): LessonRecord {
  if (record.status === 'retired') return record;
  if (record.kind === 'search_guidance') return isUnproven(record) ? record : judgeGuidance(record, judging.nowMs);
  const since = endedAfter(judging.clean, sinceMs(record));
  if (record.status === 'candidate') return judgeCandidate(record, since, judging.nowMs);
  if (record.status === 'shadow') return judgeShadow(record, since, { nowMs: judging.nowMs, mayTry });
  if (record.status === 'trial') return judgeTrial(record, since, judging);
  return judgeActive(record, since, judging);
}

/** Brought in from elsewhere, and no training here made it anew: what it says of itself is a stranger's word. */
export function isUnproven({ origin, status, sources }: LessonRecord): boolean {
  return origin === 'imported' && status === 'candidate' && sources.length === 0;
}

/**
 * A model of search was tried when it was made, on problems that were held back for it: calls of goals would say nothing of it. An open
 * gate makes it active, a closed one takes it back.
 */
function judgeGuidance(record: Extract<LessonRecord, { kind: 'search_guidance' }>, nowMs: number): LessonRecord {
  const { isOpen, why } = gateOf(record.body);
  if (isOpen && record.status !== 'active') return moved(record, { atMs: nowMs, status: 'active', reason: why });
  if (!isOpen && record.status === 'active') return retired(record, nowMs, `${NO_GAIN}: ${why}`);
  return record;
}

function gateOf({ model }: SearchGuidance): { readonly isOpen: boolean; readonly why: string } {
  const { gate } = model;
  if (!isObject(gate ?? null)) return { isOpen: false, why: 'it was not tried' };
  const { open, why } = gate as JsonObject;
  return { isOpen: open === true, why: typeof why === 'string' ? why : 'it does not say why' };
}

function votes(record: LessonRecord, goals: readonly GoalEvidence[]): { support: number; against: number } {
  const said = goals.map((goal) => agrees(record, goal));
  return {
    support: said.filter((vote) => vote === true).length,
    against: said.filter((vote) => vote === false).length,
  };
}

function judgeCandidate(record: LessonRecord, goals: readonly GoalEvidence[], nowMs: number): LessonRecord {
  const said = withVotes(record, goals);
  const support =
    record.kind === 'macro' ? goals.filter((goal) => wentThisWay(record, goal)).length : said.statistics.support;
  if (support < 2) return said;
  return moved(said, {
    atMs: nowMs,
    status: 'shadow',
    reason: `agrees with ${plural(support, 'goal')} of this tenant`,
  });
}

/** A way from elsewhere may name the right operators with arguments that nobody here ever gave them. */
function wentThisWay(
  { body }: Extract<LessonRecord, { kind: 'macro' }>,
  { task, verified, steps }: GoalEvidence,
): boolean {
  const wayOf = (all: readonly { readonly operator: string; readonly args: JsonObject }[]): string =>
    canonicalJson(all.map(({ operator, args }) => ({ operator, args })));
  return verified && task === body.task && wayOf(steps) === wayOf(body.steps);
}

function withVotes(record: LessonRecord, goals: readonly GoalEvidence[]): LessonRecord {
  return { ...record, statistics: { ...record.statistics, ...votes(record, goals) } };
}

function judgeShadow(
  record: LessonRecord,
  goals: readonly GoalEvidence[],
  { nowMs, mayTry }: { readonly nowMs: number; readonly mayTry: boolean },
): LessonRecord {
  const said = withVotes(record, goals);
  const { support, against } = said.statistics;
  const share = support / Math.max(1, support + against);
  const told = `${support} of ${plural(support + against, 'later goal')} agree with it`;
  if (support >= BARS.shadowGoals && share >= BARS.shadowShare)
    return mayTry && goals.some((goal) => canMatter(record, goal))
      ? moved(said, { atMs: nowMs, status: 'trial', reason: told })
      : said;
  if (against >= BARS.shadowGoals && share < 0.5) return retired(said, nowMs, told);
  return said;
}

/** A lesson about a tool changes nothing where no other tool could do the step: a trial would tell nothing of it. */
function canMatter(record: LessonRecord, { attempts }: GoalEvidence): boolean {
  if (record.kind !== 'tool_reliability') return true;
  const { tool, context } = record.body;
  return attempts.some((one) => one.context === context && one.tools.includes(tool) && one.tools.length > 1);
}

function judgeTrial(record: LessonRecord, since: readonly GoalEvidence[], judging: Judging): LessonRecord {
  const given = judging.given.get(record.id) ?? new Map<string, boolean>();
  const touched = since.filter((goal) => goal.arm === 'on' && given.has(goal.goalId) && concerns(record, goal));
  const trial = compareGoals(
    touched.filter(({ goalId }) => given.get(goalId) === true).map(scored),
    touched.filter(({ goalId }) => given.get(goalId) === false).map(scored),
  );
  const said = { ...record, statistics: { ...record.statistics, trial } };
  const verdict = verdictOf(trial);
  return verdict ? moved(said, { atMs: judging.nowMs, ...verdict }) : said;
}

/** A look at fewer goals asks for more: whoever looks often would else see a gain by chance. */
const LOOKS = [
  { goals: BARS.trialMost, pBetter: BARS.pBetter },
  { goals: 30, pBetter: 0.975 },
  { goals: 16, pBetter: 0.99 },
  { goals: 0, pBetter: 0.995 },
] as const;

function verdictOf(trial: TrialResult): Omit<LessonChange, 'atMs'> | null {
  const least = Math.min(trial.with.goals, trial.without.goals);
  const bar = LOOKS.find(({ goals }) => least >= goals)?.pBetter ?? 1;
  const told = `P(better) ${trial.pBetter.toFixed(3)}, P(harm) ${trial.harm.toFixed(3)} in ${plural(trial.with.goals, 'goal')} with and ${trial.without.goals} without it`;
  if (least < BARS.trialGoals) return null;
  if (trial.pBetter > bar && trial.harm < BARS.harm) return { status: 'active', reason: told };
  if (trial.pBetter < 1 - bar) return { status: 'retired', reason: `${HARMFUL}: ${told}` };
  return least >= BARS.trialMost ? { status: 'retired', reason: `${NO_GAIN}: ${told}` } : null;
}

/** An active lesson is still held against what happens: where the world has turned, it goes. */
function judgeActive(record: LessonRecord, since: readonly GoalEvidence[], judging: Judging): LessonRecord {
  const { nowMs, harmedUntilMs } = judging;
  const said = withVotes(record, since.filter((goal) => agrees(record, goal) !== null).slice(-BARS.watched));
  const { support, against } = said.statistics;
  if (against >= BARS.shadowGoals && against > 2 * support)
    return retired(said, nowMs, `no longer true: ${against} of ${plural(support + against, 'new goal')} disagree`);
  const harmedUntil = Math.max(0, ...record.tasks.map((task) => harmedUntilMs.get(task) ?? 0));
  const harm = harmOf(record, endedAfter(since, harmedUntil));
  if (harm && harm.pBetter < 1 - BARS.pBetter)
    return retired(said, nowMs, `${HARMFUL}: P(better) ${harm.pBetter.toFixed(2)} against the control share`);
  return said;
}

/** A question costs a person's time, and so at least as much as a call. */
function scored({ verified, calls, questions = 0, task, bucket }: GoalEvidence): ScoredGoal {
  return { verified, calls: calls + questions, stratum: `${task} ${bucket}` };
}

/** Goals that had the lesson against those of the control share; null while one side is too small. */
function harmOf(record: LessonRecord, since: readonly GoalEvidence[]): TrialResult | null {
  const touched = since.filter((goal) => concerns(record, goal));
  const [on, off] = [touched.filter(({ arm }) => arm === 'on'), touched.filter(({ arm }) => arm === 'off')];
  return Math.min(on.length, off.length) < BARS.trialGoals ? null : compareGoals(on.map(scored), off.map(scored));
}

export function retired(record: LessonRecord, nowMs: number, reason: string): LessonRecord {
  return moved(record, { atMs: nowMs, status: 'retired', reason });
}
