import type { TaskDef } from '../planning/pack';
import { bestAlignment } from './best-alignment';
import { coverage, nearness, pairsOf, shareOf, type Lexicon, type Phrasing } from './lexicon';
import { fillSlots, type Filled, type TextValues } from './slots';
import { contentStems, isNegation, isStopWord, moodOf, tokens, type Token } from './words';

/** What speaks for a task and what against it, each about −1..1. The order is that of the weights. */
export const FEATURES = [
  'nearness',
  'share',
  'exact',
  'stump',
  'coverage',
  'affinity',
  'pairs',
  'aligned',
  'kept',
  'anchored',
  'beginning',
  'filled',
  'missing',
  'unused',
  'ending',
  'otherEnding',
  'absorbed',
  'unknown',
  'negated',
] as const;
export type Features = Readonly<Record<(typeof FEATURES)[number], number>>;

/** One reading of a text as a task. */
export interface Reading {
  readonly text: string;
  readonly task: TaskDef;
  readonly filled: Filled;
  readonly features: Features;
  /** Words that mean something, are no values, and stand in no text of the words' own. */
  readonly content: number;
  /** Those of them that no phrasing of the task has. */
  readonly unknown: readonly string[];
  /** Parts behind an "and" or "then" of which the task knows no word. */
  readonly unheard: readonly string[];
}

/** Reads a text as one task. */
export function readAs(values: TextValues, task: TaskDef, lexicon: Lexicon): Reading {
  const aligned = bestAlignment(values, task, lexicon);
  const filled = fillSlots(values, task, { lexicon, aligned });
  const content = filled.rest.filter(({ word }) => !isStopWord(word));
  const stems = content.map(({ stem }) => lexicon.known(stem));
  const own = lexicon.byTask.get(task) ?? [];
  const words = [...stems, ...moodOf(values.text)];
  const share = Math.max(0, ...own.map((phrasing) => shareOf(words, phrasing, lexicon)));
  const near = Math.max(0, ...own.map((phrasing) => nearness(words, phrasing, lexicon)));
  const vocabulary = lexicon.vocabulary.get(task) ?? new Set<string>();
  const endings = endingsOf(task, filled);
  const affinities = stems.map((stem) => Math.max(-1, Math.min(3, lexicon.affinity(stem, task))) / 3);
  const gaps = [...values.values, ...values.names.filter(({ value }) => Object.values(filled.args).includes(value))];
  const pairs = pairsOf(values.text, gaps)
    .map((pair) => lexicon.pairAffinity(pair, task))
    .filter((affinity) => affinity !== null)
    .map((affinity) => Math.max(-1, Math.min(3, affinity)) / 3);
  const foreign = stems.filter((stem) => !lexicon.isKnown(stem)).length;
  return {
    text: values.text,
    task,
    filled,
    content: content.length,
    unknown: content.filter((_, index) => !vocabulary.has(stems[index] ?? '')).map(({ text }) => text),
    unheard: unheardIn(values.text, content, (token) => vocabulary.has(lexicon.known(token.stem))),
    features: {
      nearness: near,
      share,
      exact: near === 1 ? 1 : 0,
      stump: stems.length === 1 && filled.absorbed === 0 && share < 0.7 ? 1 : 0,
      coverage: coverage(stems, task, lexicon),
      affinity: meanOf(affinities),
      pairs: meanOf(pairs),
      aligned: aligned.score,
      kept: aligned.kept,
      anchored: aligned.anchored,
      beginning: stems[0] !== undefined && beginningsOf(own).has(stems[0]) ? 1 : 0,
      filled: Math.min(2, filled.values) / 2,
      missing: Math.min(2, filled.missing.length) / 2,
      unused: Math.min(2, filled.unused.length) / 2,
      ending: endings.fits,
      otherEnding: endings.other,
      absorbed: filled.absorbed === 0 ? 0 : filled.absorbed / (filled.absorbed + content.length),
      unknown: content.length === 0 ? 0 : foreign / content.length,
      negated: saidIn(values).some(({ word, stem }) => isNegation(word) && !vocabulary.has(stem)) ? 1 : 0,
    },
  };
}

/** The words that are no part of a value: "no" in `no/such/file.csv` denies nothing. */
function saidIn({ text, values }: TextValues): Token[] {
  return tokens(text).filter(({ at }) => !values.some(({ from, to }) => at >= from && at < to));
}

const JOINT = /\b(?:and|then)\b|;/giu;

/** The parts of a text, from joint to joint, that have words of their own and none of them known. */
function unheardIn(text: string, content: readonly Token[], isKnown: (token: Token) => boolean): string[] {
  const joints = [...text.matchAll(JOINT)].map(({ index }) => index);
  return joints.flatMap((from, index) => {
    const to = joints[index + 1] ?? text.length;
    const own = content.filter(({ at }) => at > from && at < to);
    return own.length > 0 && !own.some(isKnown) ? [text.slice(from, to)] : [];
  });
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

const beginnings = new WeakMap<readonly Phrasing[], ReadonlySet<string>>();

/** The words that the phrasings of a task begin with. */
function beginningsOf(phrasings: readonly Phrasing[]): ReadonlySet<string> {
  const known = beginnings.get(phrasings);
  if (known) return known;
  const made = new Set(
    phrasings.flatMap(({ text, stems }) =>
      (text === '' ? stems : contentStems(text.replace(/\{[^}]*\}/g, ' '))).slice(0, 1),
    ),
  );
  beginnings.set(phrasings, made);
  return made;
}

/** Whether the files have endings that the task's files usually have, or others; folders have none. */
function endingsOf(task: TaskDef, { args }: Filled): { fits: number; other: number } {
  let [fits, other] = [0, 0];
  for (const { name, endings } of task.params) {
    const value = args[name];
    if (!endings || value === undefined) continue;
    for (const source of Array.isArray(value) ? value : [value]) {
      const ending = /\.([A-Za-z][A-Za-z0-9]{0,7})$/.exec(String(source))?.[1]?.toLowerCase();
      if (ending === undefined ? endings.length === 0 : endings.includes(ending)) fits = 1;
      else if (ending !== undefined) other = 1;
    }
  }
  return { fits, other };
}
