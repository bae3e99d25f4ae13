import type { JsonObject } from '../json';
import { CAPACITY } from './admit';
import { problemsOfBody } from './check-lesson';
import type { LessonKind, LessonStatus } from './lesson';
import { AVOID_DAYS } from './proposers/avoid-rule';
import { findSecrets } from './secrets';

/** A lesson as somebody else's file tells it. */
export interface ForeignLesson {
  readonly kind: LessonKind;
  readonly key: string;
  readonly body: JsonObject;
  readonly status: LessonStatus;
}

/** A lesson that was left out; `index` is its place in what was given. */
export interface LeftOut {
  readonly index: number;
  readonly gate: 'secret' | 'capacity';
  readonly reason: string;
}

export interface AdmittedImport {
  /** Places of those that may be taken over, in the order given. */
  readonly taken: readonly number[];
  /** How many are known already, by kind and key. */
  readonly known: number;
  readonly leftOut: readonly LeftOut[];
}

const DAY_MS = 86_400_000;

/** What is wrong with the body of a foreign lesson: what no export of ours would say; empty when nothing is. */
export function faultsOfForeign({ kind, body }: ForeignLesson, nowMs: number): string[] {
  const wrong = problemsOfBody(kind, body).map((name) => `${name} is not of its kind's shape`);
  if (wrong.length > 0 || kind !== 'avoid_rule') return wrong;
  const lastsMs = Date.parse(body.expiresAt as string) - nowMs;
  // A day more than any rule lasts: clocks differ.
  return lastsMs > (AVOID_DAYS + 1) * DAY_MS ? ['expiresAt is later than any rule lasts'] : [];
}

/**
 * Which lessons of a file are taken over: those that are new, hold nothing that looks like a secret, and find room in the capacity of
 * their kind. Where there is too little of it, those that fared best where they come from go first. Given again, all are known.
 *
 * @param held lessons that the tenant has; retired ones are known too, and take no room
 */
export function admitImported(
  given: readonly ForeignLesson[],
  held: readonly Pick<ForeignLesson, 'kind' | 'key' | 'status'>[],
): AdmittedImport {
  const names = new Set(held.map(nameOf));
  const room = { ...CAPACITY };
  for (const { kind, status } of held) if (status !== 'retired') room[kind] -= 1;
  const [taken, leftOut]: [number[], LeftOut[]] = [[], []];
  let known = 0;
  for (const index of bestFirst(given)) {
    const lesson = given[index] as ForeignLesson;
    const secrets = findSecrets({ key: lesson.key, body: lesson.body });
    if (names.has(nameOf(lesson))) known += 1;
    else if (secrets.length > 0)
      leftOut.push({ index, gate: 'secret', reason: `it holds what looks like a secret (${secrets.join(', ')})` });
    else if (room[lesson.kind] <= 0)
      leftOut.push({
        index,
        gate: 'capacity',
        reason: `${CAPACITY[lesson.kind]} lessons of its kind are kept already`,
      });
    else {
      room[lesson.kind] -= 1;
      names.add(nameOf(lesson));
      taken.push(index);
    }
  }
  return { taken: taken.sort((a, b) => a - b), known, leftOut: leftOut.sort((a, b) => a.index - b.index) };
}

const RANK: Readonly<Record<LessonStatus, number>> = { active: 0, trial: 1, shadow: 2, candidate: 3, retired: 4 };

function bestFirst(given: readonly ForeignLesson[]): number[] {
  return given.map((_, index) => index).sort((a, b) => rankOf(given[a]) - rankOf(given[b]) || a - b);
}

function rankOf(lesson: ForeignLesson | undefined): number {
  return lesson ? RANK[lesson.status] : RANK.retired;
}

function nameOf({ kind, key }: Pick<ForeignLesson, 'kind' | 'key'>): string {
  return `${kind}\n${key}`;
}
