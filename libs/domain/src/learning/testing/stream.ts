import type { Recall } from '../../memory/memory';
import { advance } from '../advance';
import { learnedFor } from '../apply-lessons';
import { isGiven } from '../apply-lessons';
import { draw } from '../draw';
import type { Attempt, GoalEvidence } from '../evidence';
import type { TrialAssignment } from '../judge';
import type { Lesson } from '../lesson';
import { DEFAULT_SETTINGS, type LearningSettings, type LessonRecord, toLesson } from '../lesson-record';
import { liveMethodStats, liveToolStats } from './live-stats';
import { PROPOSERS } from '../proposers';
import { poisoned } from './poison';
import { pursue } from './pursue';
import { goalOf } from './world';

/** How a stream of goals learns. `placebo`: from labels that were dealt out anew among goals of the same kind. */
export type Arm = 'off' | 'on' | 'frozen' | 'placebo';

export interface StreamOptions {
  readonly arm: Arm;
  /** Draws of the world, and of the order in which goals come. */
  readonly seed: string;
  readonly order: string;
  readonly goals: number;
  /** From this goal on the tools are others. */
  readonly shiftAt: number;
  /** `frozen` learns until this goal. */
  readonly freezeAt: number;
  /** Share of the goals whose evidence an attacker wrote. */
  readonly poison: number;
}

export interface StreamResult {
  readonly calls: readonly number[];
  readonly verified: readonly boolean[];
  readonly records: readonly LessonRecord[];
  readonly evidence: readonly GoalEvidence[];
  /** Goals whose evidence an attacker wrote. */
  readonly poisonedGoals: ReadonlySet<string>;
  /** Lessons that were active at the end of any round, by id, as they were then. */
  readonly everActive: ReadonlyMap<string, LessonRecord>;
  readonly assignments: readonly TrialAssignment[];
}

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
/** Rounds of the schedule: one for so many goals. */
const ROUND = 3;

type LiveRecall = Pick<Recall, 'toolStats' | 'methodStats'> & { readonly byContext: readonly Lesson[] };

interface Mind {
  records: readonly LessonRecord[];
  snapshot: { id: string | null; lessons: readonly Lesson[] };
  readonly evidence: GoalEvidence[];
  readonly assignments: TrialAssignment[];
  readonly everActive: Map<string, LessonRecord>;
  settings: LearningSettings;
  frozenRecall: LiveRecall | null;
  ids: number;
}

/** One stream of goals under a virtual clock of one goal an hour. */
export function runStream(options: StreamOptions): StreamResult {
  const mind: Mind = {
    ...{ records: [], snapshot: { id: null, lessons: [] }, evidence: [], assignments: [], everActive: new Map() },
    ...{ settings: { ...DEFAULT_SETTINGS, enabled: options.arm !== 'off' }, frozenRecall: null, ids: 0 },
  };
  const [calls, verified]: [number[], boolean[]] = [[], []];
  const poisonedGoals = new Set<string>();
  for (let index = 0; index < options.goals; index += 1) {
    const nowMs = START_MS + index * HOUR_MS;
    if (options.arm === 'frozen' && index === options.freezeAt) freeze(mind, nowMs);
    const goal = goalOf(options, index, options.shiftAt);
    const seen = pursue(goal, recallOf(mind, goal.id, nowMs), { seed: options.seed, nowMs });
    calls.push(seen.calls);
    verified.push(seen.verified);
    const isPoisoned = draw(options.seed, 'poison', goal.id) < options.poison;
    if (isPoisoned) poisonedGoals.add(goal.id);
    const told = options.arm === 'placebo' ? dealtAnew(seen, mind.evidence, options.seed) : seen;
    mind.evidence.push(...(isPoisoned ? [poisoned(told, options.seed)] : [told]));
    if ((index + 1) % ROUND === 0) learn(mind, nowMs + 1);
  }
  const { records, evidence, everActive, assignments } = mind;
  return { calls, verified, records, evidence, poisonedGoals, everActive, assignments };
}

function freeze(mind: Mind, nowMs: number): void {
  mind.settings = { ...mind.settings, frozen: true };
  mind.frozenRecall = liveRecall(mind, nowMs);
}

/** What a goal gets at its start, as the store gives it. */
function recallOf(mind: Mind, goalId: string, nowMs: number): Recall {
  const learned = learnedFor(goalId, mind.snapshot, mind.settings);
  if (learned.arm === 'off') return { episodes: [], toolStats: [], methodStats: [], learned };
  for (const { id, status } of mind.snapshot.lessons) {
    if (status === 'trial') mind.assignments.push({ goalId, lessonId: id, given: isGiven(goalId, id, mind.settings) });
  }
  const live = mind.frozenRecall ?? liveRecall(mind, nowMs);
  const known = { ...learned, lessons: [...learned.lessons, ...live.byContext] };
  return { episodes: [], toolStats: live.toolStats, methodStats: live.methodStats, learned: known };
}

/**
 * The records that act at once, before any lesson: of tools and methods, and of tools for arguments of one shape where three calls
 * tell of it.
 */
function liveRecall({ evidence }: Mind, nowMs: number): LiveRecall {
  const clean = evidence.filter(({ taint }) => taint.length === 0);
  const byContext = PROPOSERS.tool_reliability
    .propose(clean, nowMs)
    .filter(({ body }) => body.successes + body.failures >= 3)
    .map(({ kind, key, body }): Lesson => ({ id: `live ${key}`, kind, status: 'active', body }));
  return { toolStats: liveToolStats(clean, nowMs), methodStats: liveMethodStats(clean, nowMs), byContext };
}

function learn(mind: Mind, nowMs: number): void {
  const { records, evidence, settings } = mind;
  const onTrial = new Set(records.filter(({ status }) => status === 'trial').map(({ id }) => id));
  const assignments = mind.assignments.filter(({ lessonId }) => onTrial.has(lessonId));
  const newId = (): string => `lesson-${(mind.ids += 1)}`;
  const { changed, needsSnapshot } = advance({ records, evidence, assignments, settings, versions: {}, nowMs, newId });
  const after = new Map(records.map((record) => [record.id, record]));
  for (const record of changed) after.set(record.id, record);
  mind.records = [...after.values()];
  for (const record of mind.records) if (record.status === 'active') mind.everActive.set(record.id, record);
  if (!needsSnapshot) return;
  const lessons = mind.records.filter(({ status }) => status === 'active' || status === 'trial').map(toLesson);
  mind.snapshot = { id: `snapshot-${nowMs}`, lessons };
}

/**
 * The same goal with labels of others: each call gets the outcome of some earlier call of the same operator, the goal the calls and
 * the result of some earlier goal of the same task. What is learned from it is learned from chance.
 */
function dealtAnew(goal: GoalEvidence, earlier: readonly GoalEvidence[], seed: string): GoalEvidence {
  const pool = earlier.flatMap(({ attempts }) => attempts);
  const pick = <Item>(items: readonly Item[], salt: string): Item | undefined =>
    items[Math.floor(draw(seed, 'deal', goal.goalId, salt) * items.length)];
  const attempts = goal.attempts.map((attempt, index): Attempt => {
    const other = pick(
      pool.filter(({ operator }) => operator === attempt.operator),
      String(index),
    );
    return other ? { ...attempt, outcome: other.outcome, error: other.error, next: other.next } : attempt;
  });
  const other = pick(
    earlier.filter(({ task }) => task === goal.task),
    'goal',
  );
  const choices = goal.choices.map((choice, index) => {
    const all = earlier.filter(({ task }) => task === goal.task).flatMap((one) => one.choices);
    return { ...choice, worked: pick(all, `choice ${index}`)?.worked ?? choice.worked };
  });
  return { ...goal, attempts, choices, ...(other ? { calls: other.calls, verified: other.verified } : {}) };
}
