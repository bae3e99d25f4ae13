import type { Json, JsonObject } from '../json';
import { plural } from '../counting';
import { admitting, LEAST_GOALS, type Refusal } from './admit';
import type { GoalEvidence } from './evidence';
import { BARS, HARMFUL, judge, judgingOf, NO_GAIN, retired, ROLLED_BACK, type TrialAssignment } from './judge';
import type { LessonKind } from './lesson';
import { type TrainedModel } from './train-on-goals';
import { type Candidate, type LearningSettings, type LessonRecord, moved, sinceMs } from './lesson-record';

export interface AdvanceInput {
  readonly records: readonly LessonRecord[];
  /** Finished goals that are still kept as evidence, oldest first. */
  readonly evidence: readonly GoalEvidence[];
  readonly assignments: readonly TrialAssignment[];
  readonly settings: LearningSettings;
  /** Models of search that were trained for this round. */
  readonly models?: readonly TrainedModel[];
  /** Versions of the tools there are now. */
  readonly versions: Readonly<Record<string, string>>;
  readonly nowMs: number;
  readonly newId: () => string;
}

export interface Advanced {
  /** New records and those that are not what they were. */
  readonly changed: readonly LessonRecord[];
  readonly refused: readonly Refusal[];
  /** True when what goals are given differs from before: time for a snapshot. */
  readonly needsSnapshot: boolean;
}

/** A lesson that nothing spoke for since then is forgotten. */
export const FORGET_AFTER_MS = 60 * 86_400_000;
/** A lesson that was retired may come back when so many goals since then speak for it anew. */
const RETURN_GOALS = 6;
/** What was seen fades by the day: within one, the same evidence gives the same lessons however often it is looked at. */
const DAY_MS = 86_400_000;
/** One that a trial spoke against may come back only after so long. */
const RETURN_AFTER_MS = 30 * 86_400_000;

/**
 * One round of the pipeline, in the order record → judge → propose → admit → shadow → trial → promote or demote → forget. A pure
 * function of what is stored: the same evidence gives the same lessons, in whatever order goals came to their end, and a round
 * that is repeated changes nothing. Learning that is frozen or switched off changes nothing.
 */
export function advance(input: AdvanceInput): Advanced {
  const steps = advancing(input);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Lessons that are judged between two pauses. */
const AT_ONCE = 20;

/** {@link advance} in small steps: whoever shares a thread with others may let them have a turn in between. */
export function* advancing(input: AdvanceInput): Generator<void, Advanced> {
  if (!input.settings.enabled || input.settings.frozen) return { changed: [], refused: [], needsSnapshot: false };
  const today = Math.floor(input.nowMs / DAY_MS) * DAY_MS;
  const { admitted, refused } = yield* admitting({ ...input, nowMs: today });
  const proposals = new Map(admitted.map((candidate) => [nameOf(candidate), candidate]));
  const judging = judgingOf(input);
  const endedAtMs = new Map(input.evidence.map(({ goalId, atMs }) => [goalId, atMs]));
  const changed: LessonRecord[] = [];
  let needsSnapshot = false;
  const trials = new Trials(input.records);
  const blamed = new Blamed();
  // Where trials are scarce, what more goals tell of goes first.
  const inOrder = input.records.toSorted((a, b) => b.sources.length - a.sources.length || (a.id < b.id ? -1 : 1));
  for (const [index, record] of inOrder.entries()) {
    if (index % AT_ONCE === 0) yield;
    const refreshed = refresh(record, proposals.get(nameOf(record)), { ...input, endedAtMs });
    const found = forget(judge(refreshed, judging, trials.hasRoomFor(record.kind)), { ...input, endedAtMs });
    const judged = blamed.isAnother(found, record) ? refreshed : found;
    if (judged.status === 'trial' && record.status !== 'trial') trials.add(record.kind);
    if (sameValue(judged as unknown as Json, record as unknown as Json)) continue;
    changed.push(judged);
    needsSnapshot ||= touchesGoals(judged, record);
  }
  const known = new Set(input.records.map(nameOf));
  const fresh = admitted.filter((candidate) => !known.has(nameOf(candidate)));
  return { changed: [...changed, ...fresh.map((candidate) => begin(candidate, input))], refused, needsSnapshot };
}

/** How many lessons are on trial. */
class Trials {
  private all = 0;
  private readonly ofKind = new Map<LessonKind, number>();

  constructor(records: readonly LessonRecord[]) {
    for (const { kind, status } of records) if (status === 'trial') this.add(kind);
  }

  add(kind: LessonKind): void {
    this.all += 1;
    this.ofKind.set(kind, (this.ofKind.get(kind) ?? 0) + 1);
  }

  hasRoomFor(kind: LessonKind): boolean {
    return this.all < BARS.trialsAtOnce && (this.ofKind.get(kind) ?? 0) < BARS.trialsOfKind;
  }
}

/**
 * Lessons that are held against the control share share their goals: harm that one does is seen at all of them. One of a task is
 * retired in a round; the others are judged by goals that end after it.
 */
class Blamed {
  private readonly tasks = new Set<string>();

  isAnother(found: LessonRecord, was: LessonRecord): boolean {
    const isHarmful = found.status === 'retired' && (found.history.at(-1)?.reason.startsWith(HARMFUL) ?? false);
    if (was.status !== 'active' || !isHarmful) return false;
    if (found.tasks.some((task) => this.tasks.has(task))) return true;
    for (const task of found.tasks) this.tasks.add(task);
    return false;
  }
}

/** When goals ended, by id. */
interface Ended {
  readonly endedAtMs: ReadonlyMap<string, number>;
}

function nameOf({ kind, key }: Pick<Candidate, 'kind' | 'key'>): string {
  return `${kind}\n${key}`;
}

/** A candidate that was admitted is recorded as a shadow: it changes nothing yet. */
function begin(candidate: Candidate, { nowMs, newId }: AdvanceInput): LessonRecord {
  const reason = `seen in ${plural(candidate.sources.length, 'goal')}`;
  return {
    ...candidate,
    id: newId(),
    status: 'shadow',
    origin: 'learned',
    statistics: { sources: candidate.sources.length, support: 0, against: 0, trial: null },
    history: [
      { atMs: nowMs, status: 'candidate', reason },
      { atMs: nowMs, status: 'shadow', reason: 'passed the gates' },
    ],
  };
}

/** Takes over what the evidence says now; a lesson that was retired comes back as a shadow where new goals speak for it. */
function refresh(record: LessonRecord, candidate: Candidate | undefined, input: AdvanceInput & Ended): LessonRecord {
  if (!candidate) return record;
  const { body, tasks, sources, versions } = candidate;
  const goneBackMs = record.history.findLast(({ reason }) => reason.startsWith(ROLLED_BACK))?.atMs;
  // A person took the lesson back to this: what they took it back from is the same evidence, only newer goals say more.
  const isHeld = goneBackMs !== undefined && renewedSince(candidate, goneBackMs, input) < RETURN_GOALS;
  if (isHeld && record.status !== 'retired') return record;
  const updated = {
    ...record,
    ...{ body, tasks, sources, versions: { ...record.versions, ...versions } },
    statistics: { ...record.statistics, sources: sources.length },
  } as LessonRecord;
  if (record.status !== 'retired') return updated;
  const reason = record.history.at(-1)?.reason ?? '';
  const wasTried = reason.startsWith(HARMFUL) || reason.startsWith(NO_GAIN);
  if (wasTried && input.nowMs - sinceMs(record) < RETURN_AFTER_MS) return record;
  const renewed = renewedSince(candidate, sinceMs(record), input);
  if (renewed < RETURN_GOALS) return record;
  const fresh = {
    ...updated,
    statistics: { sources: sources.length, support: 0, against: 0, trial: null },
  } as LessonRecord;
  return moved(fresh, {
    atMs: input.nowMs,
    status: 'shadow',
    reason: `spoken for by ${plural(renewed, 'goal')} since then`,
  });
}

/** Goals that ended after a moment and speak for it. */
function renewedSince({ sources }: Candidate, atMs: number, { endedAtMs }: Ended): number {
  return sources.filter((goalId) => (endedAtMs.get(goalId) ?? 0) > atMs).length;
}

/** Retires what speaks of tools that changed, what has expired, and what nothing speaks for any more. */
function forget(record: LessonRecord, { endedAtMs, versions, nowMs }: AdvanceInput & Ended): LessonRecord {
  if (record.status === 'retired') return record;
  const changed = Object.entries(record.versions).find(
    ([tool, version]) => versions[tool] !== undefined && versions[tool] !== version,
  );
  if (changed) return retired(record, nowMs, `${changed[0]} is another version now (${versions[changed[0]]})`);
  if (record.kind === 'avoid_rule' && Date.parse(record.body.expiresAt) <= nowMs)
    return retired(record, nowMs, 'expired: nothing failed this way for a while');
  if (record.origin === 'imported') {
    const isForgotten = record.status === 'candidate' && nowMs - sinceMs(record) > FORGET_AFTER_MS;
    return isForgotten ? retired(record, nowMs, 'no goal of this tenant has borne it out for a long time') : record;
  }
  const left = record.sources.filter((goalId) => endedAtMs.has(goalId));
  const newest = left.reduce((most, goalId) => Math.max(most, endedAtMs.get(goalId) ?? 0), 0);
  if (left.length < LEAST_GOALS) return retired(record, nowMs, 'the goals that it came from are gone');
  if (nowMs - newest > FORGET_AFTER_MS) return retired(record, nowMs, 'nothing has spoken for it for a long time');
  return record;
}

/** Goals are given what is active or on trial. */
function touchesGoals(record: LessonRecord, was: LessonRecord): boolean {
  const isGiven = ({ status }: LessonRecord): boolean => status === 'active' || status === 'trial';
  if (!isGiven(record) && !isGiven(was)) return false;
  return was.status !== record.status || !sameValue(was.body as unknown as Json, record.body as unknown as Json);
}

/** Equal as JSON, whatever the order of keys. */
function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as JsonObject, b as JsonObject];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => sameValue(left[key], right[key]));
}
