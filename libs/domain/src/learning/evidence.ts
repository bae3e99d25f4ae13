import type { Json, JsonObject } from '../json';
import type { Literal } from '../planning/pack';
import { type Blame, speaksOfTool } from '../observation/blame';
import type { NextMove, Outcome } from '../observation/observation';

/** Goals that a round learns from, and that harm is told from: the newest. */
export const EVIDENCE_GOALS = 1_000;

/** One tool call of a goal as learning sees it: no argument's value, no output. */
export interface Attempt {
  readonly stepId: string;
  readonly operator: string;
  readonly tool: string;
  /** Tools that the step could have been done with. */
  readonly tools: readonly string[];
  /** Shape of the arguments, see `contextBucket`. */
  readonly context: string;
  readonly outcome: Outcome;
  readonly error: {
    readonly kind: 'explicit' | 'silent';
    readonly duration: 'transient' | 'permanent';
    readonly code: string;
    readonly template: string;
    readonly signature: string;
    /** Where its cause lies; absent: by its code. */
    readonly blame?: Blame;
  } | null;
  readonly durationMs: number;
  readonly costUsd: number;
  /** What was decided after it; null when nobody judged it. */
  readonly next: NextMove | null;
  /** Facts that held before it, in terms of the step's arguments (`profiled [$source]`); others are left out. */
  readonly facts: readonly Literal[];
}

/** A step that was done, with constants lifted: what equals an argument of the task stands as `$name`. */
export interface DoneStep {
  readonly operator: string;
  readonly args: JsonObject;
  readonly when: readonly Literal[];
  readonly adds: readonly Literal[];
}

/** What a finished goal gives to learning. Enough to propose and to judge, without the goal's own data. */
export interface GoalEvidence {
  readonly goalId: string;
  /** When it ended, milliseconds since the epoch. */
  readonly atMs: number;
  readonly arm: 'on' | 'off';
  readonly verified: boolean;
  readonly task: string;
  /** Shape of the task's arguments, see `featureBucket`. */
  readonly bucket: string;
  /** The planning domain: name of the pack. */
  readonly pack: string;
  /** Stems of the words it was stated in, without those of its arguments; empty for a goal that named its task. */
  readonly stems: readonly string[];
  readonly calls: number;
  /** Questions to people about its words; absent in evidence of older versions. */
  readonly questions?: number;
  /** Lessons that took part in its plans, decisions and recoveries; absent in evidence of older versions. */
  readonly took?: readonly string[];
  /** Why nothing may be learned from it beyond its own statistics: labels such as `untrusted source`. */
  readonly taint: readonly string[];
  readonly choices: readonly { readonly task: string; readonly method: string; readonly worked: boolean }[];
  readonly attempts: readonly Attempt[];
  /** Only of verified goals; empty where a constant could not be lifted safely. */
  readonly steps: readonly DoneStep[];
  /** Versions of the tools it used. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A tool call that did what it should. */
export function worked(attempt: Pick<Attempt, 'outcome'>): boolean {
  return attempt.outcome === 'success' || attempt.outcome === 'partial';
}

/** A call that failed for what the tool itself is or does. */
export function failedItself({ outcome, error }: Pick<Attempt, 'outcome' | 'error'>): boolean {
  return outcome === 'failure' && speaksOfTool(error);
}

/** How much of what was seen counts still: half after so much time, and half after so many later cases of the same kind. */
export interface HalfLives {
  readonly ms: number;
  readonly cases: number;
}

/** 0.5^(age / half-life) · 0.5^(later cases / half-life in cases), 0..1. */
export function decayedWeight(ageMs: number, laterCases: number, half: HalfLives): number {
  return 0.5 ** (Math.max(0, ageMs) / half.ms + laterCases / half.cases);
}

/** The same for a list of cases in order of time, the newest last. */
export function weightsOf(atMs: readonly number[], nowMs: number, half: HalfLives): number[] {
  return atMs.map((at, index) => decayedWeight(nowMs - at, atMs.length - 1 - index, half));
}

/** Groups in the order of first appearance. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** A number that is stored: six digits are plenty, and equal evidence gives equal text. */
export function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** The names of `keys` sorted, each once. */
export function sortedUnique(keys: readonly string[]): string[] {
  return [...new Set(keys)].sort();
}

/** True for values that may stand in a lesson: no text that could be somebody's data. */
export function isStructural(value: Json): boolean {
  if (typeof value === 'string') return /^\$[A-Za-z_]\w*$/.test(value) || /^[a-z][a-z0-9_.-]{0,31}$/.test(value);
  if (Array.isArray(value)) return value.every((item: Json) => isStructural(item));
  if (typeof value === 'object' && value !== null) return Object.values(value).every((item) => isStructural(item));
  return true;
}
