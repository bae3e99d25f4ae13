import { LESSON_KINDS, proposeAll, sequence, type LessonRecord } from '@goalkeeper/domain';
import { type Arm, runStream, type StreamResult } from '../../libs/domain/src/learning/testing/stream';

/** The live stream: goals, when the tools turn around, when `frozen` stops learning, the share of poisoned episodes. */
export const STREAM = { goals: 300, shiftAt: 150, freezeAt: 75 } as const;
export const POISON_SHARE = 0.05;

/** One stream of goals with every arm on the same goals and the same draws of the world. */
export interface Measured {
  readonly seed: string;
  readonly order: string;
  /** Share of calls saved against `off`. */
  readonly lift: Readonly<Record<'on' | 'frozen' | 'placebo' | 'poisoned', number>>;
  readonly meanCalls: Readonly<Record<Arm | 'poisoned', number>>;
  readonly verified: Readonly<Record<Arm | 'poisoned', number>>;
  /** Questions a goal about its words. */
  readonly questions: Readonly<Record<Arm | 'poisoned', number>>;
  /** Share of the goals that were verified without learning and were not with it. */
  readonly harm: Readonly<Record<'on' | 'frozen' | 'placebo' | 'poisoned', number>>;
  /** Lessons that were ever active or on trial with learning on, by kind. */
  readonly kinds: Readonly<Record<string, { readonly tried: number; readonly active: number }>>;
  /** Calls of each goal, in order. */
  readonly calls: Readonly<Record<'on' | 'off', readonly number[]>>;
  readonly active: number;
  readonly activeUnderPoison: number;
  readonly poisonedActive: readonly string[];
  /** True when some argument of a goal stands in something that was learned. */
  readonly holdsInstances: boolean;
}

export function measureStream(seed: string, order: string): Measured {
  const run = (arm: Arm, poison = 0): StreamResult => runStream({ ...STREAM, arm, seed, order, poison });
  const results = {
    ...{ off: run('off'), on: run('on'), frozen: run('frozen'), placebo: run('placebo') },
    poisoned: run('on', POISON_SHARE),
  };
  const base = mean(results.off.calls);
  const saved = ({ calls }: StreamResult): number => 1 - mean(calls) / base;
  const each = <Value>(valueOf: (result: StreamResult) => Value): Record<Arm | 'poisoned', Value> => {
    const { off, on, frozen, placebo, poisoned } = results;
    return {
      off: valueOf(off),
      on: valueOf(on),
      frozen: valueOf(frozen),
      placebo: valueOf(placebo),
      poisoned: valueOf(poisoned),
    };
  };
  const lost = ({ verified }: StreamResult): number =>
    mean(results.off.verified.map((was, index) => Number(was && !verified[index])));
  return {
    ...{ seed, order, lift: each(saved), harm: each(lost), kinds: kindsIn(results.on) },
    questions: each(({ questions }) => mean(questions)),
    meanCalls: each(({ calls }) => mean(calls)),
    verified: each(({ verified }) => mean(verified.map(Number))),
    calls: { on: results.on.calls, off: results.off.calls },
    active: results.on.everActive.size,
    activeUnderPoison: results.poisoned.everActive.size - poisonedIn(results.poisoned).length,
    poisonedActive: poisonedIn(results.poisoned),
    holdsInstances: [results.on, results.poisoned].some(holdsInstances),
  };
}

/** How far lessons of each kind came. */
function kindsIn({ records, everActive }: StreamResult): Measured['kinds'] {
  const tried = records.filter(({ history }) => history.some(({ status }) => status === 'trial'));
  const counts = LESSON_KINDS.map((kind) => {
    const active = [...everActive.values()].filter((record) => record.kind === kind).length;
    return [kind, { tried: tried.filter((record) => record.kind === kind).length, active }] as const;
  });
  return Object.fromEntries(counts);
}

const WINDOW = 10;
/** As good as it gets: within this share of the steady state. */
const NEARLY = 0.9;

/**
 * Goals after the shift until the calls of the next {@link WINDOW} goals are within 10 % of the steady state after it. Calls are summed
 * over all streams (ten goals of one stream are mostly chance) and taken relative to those of the same goals without learning, so
 * that hard goals do not count as a relapse.
 */
export function recoveryOf(streams: readonly Pick<Measured, 'calls'>[]): number {
  const sum = (arm: 'on' | 'off', from: number, to: number): number =>
    streams.reduce((so, { calls }) => so + calls[arm].slice(from, to).reduce((all, one) => all + one, 0), 0);
  const ratio = (from: number, to: number): number => sum('on', from, to) / sum('off', from, to);
  const steady = ratio(STREAM.goals - 75, STREAM.goals);
  for (let after = 0; STREAM.shiftAt + after + WINDOW <= STREAM.goals; after += 1) {
    const from = STREAM.shiftAt + after;
    if (ratio(from, from + WINDOW) <= steady / NEARLY) return after;
  }
  return STREAM.goals - STREAM.shiftAt;
}

/**
 * Lessons that were active and would not have been proposed without the attacker's episodes, or say the opposite of what the
 * others say.
 */
function poisonedIn({ everActive, evidence, poisonedGoals }: StreamResult): string[] {
  const clean = evidence.filter(({ goalId }) => !poisonedGoals.has(goalId));
  return [...everActive.values()].filter((lesson) => !isHonest(lesson, clean)).map(({ kind, key }) => `${kind} ${key}`);
}

function isHonest(lesson: LessonRecord, clean: Parameters<typeof proposeAll>[0]): boolean {
  const since = lesson.history.find(({ status }) => status === 'active')?.atMs ?? 0;
  const until = clean.filter(({ atMs }) => atMs <= since);
  const twin = proposeAll(until, since).find(({ kind, key }) => kind === lesson.kind && key === lesson.key);
  if (!twin) return false;
  const claim = (body: object): number | null =>
    'successes' in body && 'failures' in body
      ? (1 + Number(body.successes)) / (2 + Number(body.successes) + Number(body.failures))
      : null;
  const [said, true_] = [claim(lesson.body), claim(twin.body)];
  return said === null || true_ === null || lesson.status !== 'active' || said - true_ < 0.3;
}

/** The names of the goals' files are nowhere in what was learned. */
function holdsInstances({ records }: StreamResult): boolean {
  return /file-\d+/.test(JSON.stringify(records.map(({ key, body }) => ({ key, body }))));
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Mean over streams with its 95 % interval. */
export function intervalOf(values: readonly number[], seed: string): Interval {
  return resampled(values, seed, mean);
}

/** A figure of some streams with its 95 % interval from 1,000 seeded resamples of whole streams. */
export function resampled<Item>(
  items: readonly Item[],
  seed: string,
  figure: (items: readonly Item[]) => number,
): Interval {
  const next = sequence(seed);
  const again = (): number => figure(items.map(() => items[Math.floor(next() * items.length)] as Item));
  const values = Array.from({ length: 1_000 }, again).sort((a, b) => a - b);
  const at = (share: number): number => values[Math.floor(share * (values.length - 1))] ?? 0;
  return { value: figure(items), low: at(0.025), high: at(0.975) };
}
