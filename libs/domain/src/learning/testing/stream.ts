import type { Recall } from '../../memory/memory';
import { advance } from '../advance';
import { isGiven, learnedFor } from '../apply-lessons';
import { draw } from '../draw';
import type { Attempt, GoalEvidence } from '../evidence';
import type { TrialAssignment } from '../judge';
import type { Lesson } from '../lesson';
import { DEFAULT_SETTINGS, type LearningSettings, type LessonRecord, toLesson } from '../lesson-record';
import { LiveRecords } from './live-stats';
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
  /** Questions that each goal asked about its words. */
  readonly questions: readonly number[];
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
const ROUND = 5;

type LiveRecall = Pick<Recall, 'toolStats' | 'methodStats'>;

interface Mind {
  records: readonly LessonRecord[];
  snapshot: { id: string | null; lessons: readonly Lesson[] };
  readonly evidence: GoalEvidence[];
  readonly live: LiveRecords;
  readonly assignments: TrialAssignment[];
  readonly everActive: Map<string, LessonRecord>;
  settings: LearningSettings;
  frozenRecall: LiveRecall | null;
  ids: number;
}

/** One stream of goals under a virtual clock of one goal an hour. */
export function runStream(options: StreamOptions): StreamResult {
  const mind: Mind = {
    ...{ records: [], snapshot: { id: null, lessons: [] }, evidence: [], live: new LiveRecords(), assignments: [] },
    ...{ settings: { ...DEFAULT_SETTINGS, enabled: options.arm !== 'off' }, frozenRecall: null, ids: 0 },
    everActive: new Map(),
  };
  const [calls, questions, verified]: [number[], number[], boolean[]] = [[], [], []];
  const poisonedGoals = new Set<string>();
  for (let index = 0; index < options.goals; index += 1) {
    const nowMs = START_MS + index * HOUR_MS;
    if (options.arm === 'frozen' && index === options.freezeAt) freeze(mind, nowMs);
    const goal = goalOf(options, index, options.shiftAt);
    const seen = pursue(goal, recallOf(mind, goal.id, nowMs), { seed: options.seed, nowMs });
    calls.push(seen.calls);
    questions.push(seen.questions ?? 0);
    verified.push(seen.verified);
    const isPoisoned = draw(options.seed, 'poison', goal.id) < options.poison;
    if (isPoisoned) poisonedGoals.add(goal.id);
    const told = options.arm === 'placebo' ? dealtAnew(seen, mind.evidence, options.seed) : seen;
    const kept = isPoisoned ? poisoned(told, options.seed) : told;
    mind.evidence.push(kept);
    mind.live.learn(kept);
    if ((index + 1) % ROUND === 0) learn(mind, nowMs + 1);
  }
  const { records, evidence, everActive, assignments } = mind;
  return { calls, questions, verified, records, evidence, poisonedGoals, everActive, assignments };
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
  return { episodes: [], ...(mind.frozenRecall ?? liveRecall(mind, nowMs)), learned };
}

/** The records that act at once, before any lesson. */
function liveRecall({ live }: Mind, nowMs: number): LiveRecall {
  return { toolStats: live.toolStats(nowMs), methodStats: live.methodStats(nowMs) };
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
  const said = goal.stems.length === 0 ? undefined : pick(saidIn(earlier), 'words');
  return {
    ...{ ...goal, attempts, choices, stems: said ?? goal.stems },
    ...(other ? { calls: other.calls, verified: other.verified, steps: withArgumentsOf(goal, other.steps) } : {}),
  };
}

/** Somebody else's way, with the arguments that the goal itself has. */
function withArgumentsOf({ bucket }: GoalEvidence, steps: GoalEvidence['steps']): GoalEvidence['steps'] {
  const names = bucket.split(' ').map((part) => part.slice(0, part.indexOf('=')));
  return steps.map((step) => ({ ...step, args: Object.fromEntries(names.map((name) => [name, `$${name}`])) }));
}

function saidIn(goals: readonly GoalEvidence[]): (readonly string[])[] {
  return goals.flatMap(({ stems }) => (stems.length > 0 ? [stems] : []));
}
