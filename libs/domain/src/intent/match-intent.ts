import type { TaskRequest } from '../goals/goal';
import type { TaskDef } from '../planning/pack';
import { coverage, lexiconOf, nearness as nearnessTo, type Lexicon } from './lexicon';
import { fillSlots, type Filled } from './slots';
import { isNegation, isStopWord } from './words';

/** One reading of the words. */
export interface IntentOption {
  readonly task: TaskRequest;
  readonly summary: string;
  /** Calibrated probability that this is what was meant, 0..1. */
  readonly confidence: number;
  /** Names of the required parameters that the words do not give. */
  readonly missing: readonly string[];
}

export type IntentMatch =
  | {
      readonly kind: 'task';
      readonly task: TaskRequest;
      readonly confidence: number;
      readonly runnersUp: readonly IntentOption[];
    }
  | { readonly kind: 'ask'; readonly question: string; readonly options: readonly IntentOption[] }
  | { readonly kind: 'unknown'; readonly nearest: readonly IntentOption[] };

export interface IntentOptions {
  /** Confidence from which a reading is taken without asking. */
  readonly sure?: number;
  /** Confidence below which nothing is even asked. */
  readonly plausible?: number;
}

const SURE = 0.7;
const PLAUSIBLE = 0.2;
/** Two readings closer than this are told apart by a person. */
const CLOSE = 0.12;

/**
 * What the words ask for. Each task's phrasings are compared (BM25), its parameters filled by typed extractors, and the
 * features weighed into a confidence: how much of the words the task knows, how near the nearest phrasing is, whether all
 * that is required was given, whether something given found no use. Words that no phrasing knows lower it, so that
 * nonsense is never taken for a task.
 *
 * @param tasks those without phrasings are left out
 */
export function matchIntent(words: string, tasks: readonly TaskDef[], options: IntentOptions = {}): IntentMatch {
  const offered = tasks.filter((task) => task.phrasings.length > 0);
  const lexicon = lexiconOf(offered);
  const readings = offered.map((task) => read(words, task, lexicon));
  readings.sort(
    (a, b) =>
      b.confidence - a.confidence || b.nearness - a.nearness || (a.option.task.name < b.option.task.name ? -1 : 1),
  );
  const [best, second] = readings;
  const ranked = readings.map(({ option }) => option);
  // A file and nothing else: what for?
  const bare = readings.filter(
    ({ filled, content }) => content === 0 && filled.values > 0 && filled.missing.length === 0,
  );
  if (bare.length > 0) return { kind: 'ask', question: choiceQuestion(bare.slice(0, 3)), options: ranked.slice(0, 3) };
  if (!best || best.confidence < (options.plausible ?? PLAUSIBLE))
    return { kind: 'unknown', nearest: ranked.slice(0, 3) };
  if (best.option.missing.length > 0)
    return { kind: 'ask', question: missingQuestion(best), options: ranked.slice(0, 3) };
  const rival = second && isRival(best, second) ? second : null;
  if (rival) return { kind: 'ask', question: choiceQuestion([best, rival]), options: ranked.slice(0, 3) };
  if (best.confidence < (options.sure ?? SURE))
    return { kind: 'ask', question: sureQuestion(best), options: ranked.slice(0, 3) };
  return { kind: 'task', task: best.option.task, confidence: best.confidence, runnersUp: ranked.slice(1, 4) };
}

/** Two readings that only a person can tell apart; a phrasing met word for word beats one met in part. */
function isRival(best: Reading, second: Reading): boolean {
  if (second.confidence < best.confidence - CLOSE) return false;
  return best.nearness === 1 ? second.nearness === 1 : second.nearness >= best.nearness - CLOSE;
}

interface Reading {
  readonly option: IntentOption;
  readonly confidence: number;
  readonly nearness: number;
  readonly filled: Filled;
  /** Words that mean something and are no values. */
  readonly content: number;
  readonly unknown: readonly string[];
}

function read(words: string, task: TaskDef, lexicon: Lexicon): Reading {
  const filled = fillSlots(words, task, lexicon);
  const content = filled.rest.filter(({ word }) => !isStopWord(word));
  const stems = content.map(({ stem }) => stem);
  const own = lexicon.phrasings.filter((phrasing) => phrasing.task === task);
  const nearness = Math.max(0, ...own.map((phrasing) => nearnessTo(stems, phrasing, lexicon)));
  const known = lexicon.vocabulary.get(task) ?? new Set<string>();
  const confidence = confidenceOf({
    coverage: coverage(stems, task, lexicon),
    nearness,
    missing: filled.missing.length,
    unused: filled.unused.length,
    negated: filled.rest.some(({ word }) => isNegation(word)),
  });
  return {
    option: {
      task: { name: task.name, args: filled.args },
      summary: task.summary,
      confidence,
      missing: filled.missing.map(({ name }) => name),
    },
    confidence,
    nearness,
    filled,
    content: content.length,
    unknown: content.filter(({ stem }) => !known.has(stem)).map(({ text }) => text),
  };
}

interface Features {
  readonly coverage: number;
  readonly nearness: number;
  readonly missing: number;
  readonly unused: number;
  readonly negated: boolean;
}

/** Logistic weights, set on the phrasings of the packs against nonsense; `match-intent.spec.ts` checks the calibration. */
const WEIGHTS = { bias: -5.2, coverage: 6, nearness: 2.4, missing: -1.2, unused: -3.5, negated: -4 } as const;

/** Logistic regression over the features: 1 / (1 + e^−z). */
function confidenceOf(features: Features): number {
  const z =
    WEIGHTS.bias +
    WEIGHTS.coverage * features.coverage +
    WEIGHTS.nearness * features.nearness +
    WEIGHTS.missing * features.missing +
    WEIGHTS.unused * features.unused +
    WEIGHTS.negated * Number(features.negated);
  return 1 / (1 + Math.exp(-z));
}

function missingQuestion({ option, filled }: Reading): string {
  const needed = filled.missing.map(({ name, summary }) => (summary ? `${name} (${summary})` : name)).join(' and ');
  return `To do this (${option.summary}) I need ${needed}. Which?`;
}

function choiceQuestion(readings: readonly Reading[]): string {
  return `I can do ${readings.map(({ option }) => `${option.task.name} (${option.summary})`).join(' or ')}; which?`;
}

function sureQuestion({ option, unknown }: Reading): string {
  const words =
    unknown.length > 0 ? ` I do not know what to make of ${unknown.map((word) => `"${word}"`).join(', ')}.` : '';
  return `Did you mean ${option.task.name} (${option.summary})?${words}`;
}
