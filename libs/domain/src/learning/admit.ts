import type { JsonObject } from '../json';
import { problemsOfBody } from './check-lesson';
import type { GoalEvidence } from './evidence';
import type { LessonKind } from './lesson';
import type { Candidate, LessonRecord } from './lesson-record';
import { proposing } from './proposers';
import { guidanceCandidate } from './proposers/search-guidance';
import type { TrainedModel } from './train-on-goals';
import { findSecrets } from './secrets';

/** Which gate refused a candidate. */
export const ADMISSION_GATES = ['schema', 'secret', 'taint', 'single_goal', 'capacity'] as const;
export type AdmissionGate = (typeof ADMISSION_GATES)[number];

export interface Refusal {
  readonly kind: LessonKind;
  /** Left out where it holds a secret itself. */
  readonly key: string;
  readonly gate: AdmissionGate;
  readonly reason: string;
}

/** Goals that must have shown it, one alone may be an accident or an attack. */
export const LEAST_GOALS = 2;
/** Lessons of each kind that are not retired, at most. */
export const CAPACITY: Readonly<Record<LessonKind, number>> = {
  tool_reliability: 400,
  method_preference: 400,
  macro: 200,
  search_guidance: 50,
  operator_repair: 100,
  error_recovery: 300,
  avoid_rule: 200,
  intent: 400,
};

/**
 * Candidates of the evidence that pass the gates: of a known shape, without anything that looks like a secret, not resting on
 * tainted goals, seen in {@link LEAST_GOALS} goals, and within the capacity of their kind (the best shown first). Candidates of
 * one kind and key are one; a known lesson is never refused for capacity.
 */
export function admit(evidence: readonly GoalEvidence[], known: readonly LessonRecord[], nowMs: number): Admission {
  const steps = admitting({ evidence, records: known, nowMs });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Candidates that may become lessons, and those that may not. */
export interface Admission {
  readonly admitted: readonly Candidate[];
  readonly refused: readonly Refusal[];
}

export interface Admitting {
  readonly evidence: readonly GoalEvidence[];
  readonly records: readonly LessonRecord[];
  readonly models?: readonly TrainedModel[];
  readonly nowMs: number;
}

/** Candidates that are checked between two pauses. */
const AT_ONCE = 50;

/** {@link admit} in small steps. */
export function* admitting({ evidence, records, models = [], nowMs }: Admitting): Generator<void, Admission> {
  const clean = evidence.filter(({ taint }) => taint.length === 0);
  const proposed = [...(yield* collected(clean, nowMs)), ...models.map(guidanceCandidate)];
  const taken = new Set(proposed.map(nameOf));
  const refused: Refusal[] = (clean.length === evidence.length ? [] : yield* collected(evidence, nowMs))
    .filter((candidate) => !taken.has(nameOf(candidate)))
    .map((candidate) => refusal(candidate, 'taint', 'it rests on goals whose sources are not trusted'));
  const passed: Candidate[] = [];
  for (const [index, candidate] of proposed.entries()) {
    if (index % AT_ONCE === 0) yield;
    const problem = firstProblem(candidate);
    if (problem) refused.push(problem);
    else passed.push(candidate);
  }
  const { within, beyond } = withinCapacity(passed, records);
  return { admitted: within, refused: [...refused, ...beyond] };
}

/** What the evidence speaks for, with a pause behind each kind. */
function* collected(evidence: readonly GoalEvidence[], nowMs: number): Generator<void, Candidate[]> {
  const found: Candidate[] = [];
  for (const candidates of proposing(evidence, nowMs)) {
    found.push(...candidates);
    yield;
  }
  return merged(found);
}

function nameOf({ kind, key }: Pick<Candidate, 'kind' | 'key'>): string {
  return `${kind}\n${key}`;
}

function merged(candidates: readonly Candidate[]): Candidate[] {
  const byName = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const before = byName.get(nameOf(candidate));
    if (!before || before.sources.length < candidate.sources.length) byName.set(nameOf(candidate), candidate);
  }
  return [...byName.values()];
}

function refusal({ kind, key }: Candidate, gate: AdmissionGate, reason: string): Refusal {
  return { kind, key: gate === 'secret' ? '(withheld)' : key, gate, reason };
}

function firstProblem(candidate: Candidate): Refusal | null {
  const wrong = problemsOfBody(candidate.kind, candidate.body);
  if (wrong.length > 0) return refusal(candidate, 'schema', `not of its kind's shape: ${wrong.join(', ')}`);
  const secrets = findSecrets({ key: candidate.key, body: candidate.body as unknown as JsonObject });
  if (secrets.length > 0)
    return refusal(candidate, 'secret', `it holds what looks like a secret (${secrets.join(', ')})`);
  if (candidate.sources.length < LEAST_GOALS)
    return refusal(candidate, 'single_goal', `seen in ${candidate.sources.length} of ${LEAST_GOALS} goals`);
  return null;
}

function withinCapacity(
  candidates: readonly Candidate[],
  known: readonly LessonRecord[],
): { readonly within: Candidate[]; readonly beyond: Refusal[] } {
  const held = known.filter(({ status }) => status !== 'retired');
  const names = new Set(held.map(nameOf));
  const free = { ...CAPACITY };
  // What came from elsewhere and was not borne out takes no place from what goals of this tenant teach.
  for (const { kind, origin, status } of held) if (origin === 'learned' || status !== 'candidate') free[kind] -= 1;
  const within = candidates.filter((candidate) => names.has(nameOf(candidate)));
  const beyond: Refusal[] = [];
  const fresh = candidates.filter((candidate) => !names.has(nameOf(candidate)));
  fresh.sort((a, b) => b.sources.length - a.sources.length || (nameOf(a) < nameOf(b) ? -1 : 1));
  for (const candidate of fresh) {
    if (free[candidate.kind] > 0) {
      free[candidate.kind] -= 1;
      within.push(candidate);
    } else {
      beyond.push(refusal(candidate, 'capacity', `${CAPACITY[candidate.kind]} lessons of its kind are kept already`));
    }
  }
  return { within, beyond };
}
