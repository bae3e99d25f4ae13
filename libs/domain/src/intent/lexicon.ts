import type { LearnedIntent } from '../learning/lesson';
import type { ParamDef, TaskDef } from '../planning/pack';
import { patternOf, patternOfStems, type PatternItem } from './align';
import { distance } from './distance';
import { contentStems, isStopWord, moodOf, tokens } from './words';

/** One sample wording of a task, as a document of stems. */
export interface Phrasing {
  readonly task: TaskDef;
  readonly stems: readonly string[];
  /** Parameters that have a slot in it. */
  readonly slots: readonly string[];
  /** As it is written in the pack; empty for one that goals taught. */
  readonly text: string;
  /** The same as words and slots. */
  readonly pattern: readonly PatternItem[];
}

/** What the phrasings of all tasks on offer tell about words. */
export interface Lexicon {
  readonly phrasings: readonly Phrasing[];
  readonly byTask: ReadonlyMap<TaskDef, readonly Phrasing[]>;
  /** All words of a task: phrasings and name. */
  readonly vocabulary: ReadonlyMap<TaskDef, ReadonlySet<string>>;
  /** Words that stand right before and after the slot of a parameter. */
  readonly cues: ReadonlyMap<TaskDef, ReadonlyMap<string, Cues>>;
  /** Inverse document frequency; a word that no phrasing has weighs most. */
  idf(stem: string): number;
  /** The same for any word of the phrasings, stop words among them: what it tells about which phrasing it is. */
  weightOf(word: string): number;
  readonly averageLength: number;
  /** The known stem that an unknown one is a slip of, or the stem itself. */
  known(stem: string): string;
  isKnown(stem: string): boolean;
  /** The same for a pair of neighbouring words ({@link pairsOf}), stop words and places of values among them; null when unknown. */
  pairAffinity(pair: string, task: TaskDef): number | null;
  /** ln of how much likelier a stem is in the words of a task than in those of all, smoothed. */
  affinity(stem: string, task: TaskDef): number;
}

/** For each word in front of the slot, the words that follow the slot then; null where nothing or another slot does. */
export type Cues = ReadonlyMap<string, ReadonlySet<string | null>>;

const SLOT = /\{([A-Za-z_][A-Za-z0-9_]*)(?::[a-z]+)?\}/gu;

/** Names of the parameters that have a slot in a phrasing. */
export function slotsOf(phrasing: string): string[] {
  return [...phrasing.matchAll(SLOT)].map((match) => match[1] ?? '');
}

/** The phrasing in pieces: literal texts, and names of slots between them. */
export function piecesOf(phrasing: string): {
  readonly literals: readonly string[];
  readonly slots: readonly string[];
} {
  return { literals: phrasing.replace(SLOT, '\u0001').split('\u0001'), slots: slotsOf(phrasing) };
}

/** The pairs of neighbouring words of a text; `gaps` are the values in it, and each stands for one word. */
export function pairsOf(text: string, gaps: readonly { readonly from: number; readonly to: number }[] = []): string[] {
  const words = [
    ...tokens(text).filter(({ at }) => !gaps.some(({ from, to }) => at >= from && at < to)),
    ...gaps.map(({ from }) => ({ word: '§', stem: '§', at: from })),
  ].sort((a, b) => a.at - b.at);
  const line = ['^', ...words.map(({ word, stem }) => (isStopWord(word) ? word : stem))];
  return line.slice(1).map((word, index) => `${line[index] ?? ''} ${word}`);
}

interface Parsed {
  readonly pairs: readonly string[];
  readonly phrasings: readonly Phrasing[];
  readonly name: readonly string[];
  readonly cues: ReadonlyMap<string, Cues>;
}

/** Reading phrasings takes longer than counting them, and a task never changes. */
const parsed = new WeakMap<TaskDef, Parsed>();

function parse(task: TaskDef): Parsed {
  const known = parsed.get(task);
  if (known) return known;
  const phrasings = task.phrasings.map((text) => {
    const bare = text.replace(SLOT, ' ');
    return {
      task,
      text,
      stems: [...contentStems(bare), ...moodOf(bare)],
      slots: slotsOf(text),
      pattern: patternOf(text, task),
    };
  });
  const cues = new Map(task.params.map((param) => [param.name, cuesOf(task, param)]));
  const pairs = task.phrasings.flatMap((text) =>
    pairsOf(
      text,
      [...text.matchAll(SLOT)].map((match) => ({ from: match.index, to: match.index + match[0].length })),
    ),
  );
  const result = { phrasings, name: contentStems(task.name), cues, pairs };
  parsed.set(task, result);
  return result;
}

/**
 * Reads the phrasings of the tasks; tasks without phrasings are not matched by words.
 *
 * @param learned words of verified goals: each is one more phrasing of its task
 */
export function lexiconOf(tasks: readonly TaskDef[], learned: readonly LearnedIntent[] = []): Lexicon {
  const [first] = tasks;
  if (!first || learned.length > 0) return makeLexicon(tasks, learned);
  const before = lexicons.get(first);
  if (before && before.tasks.length === tasks.length && before.tasks.every((task, index) => task === tasks[index]))
    return before.lexicon;
  const lexicon = makeLexicon(tasks, learned);
  lexicons.set(first, { tasks: [...tasks], lexicon });
  return lexicon;
}

/** The same offer is read for one goal after the other; what it says is worked out once. */
const lexicons = new WeakMap<TaskDef, { readonly tasks: readonly TaskDef[]; readonly lexicon: Lexicon }>();

function makeLexicon(tasks: readonly TaskDef[], learned: readonly LearnedIntent[]): Lexicon {
  const read = new Map(tasks.map((task) => [task, parse(task)]));
  const taught = learned.flatMap(({ task: name, stems }) => {
    const task = tasks.find((one) => one.name === name);
    return task ? [{ task, stems, slots: [], text: '', pattern: patternOfStems(stems, task) }] : [];
  });
  const phrasings = [...tasks.flatMap((task) => read.get(task)?.phrasings ?? []), ...taught];
  const byTask = new Map(tasks.map((task) => [task, phrasings.filter((phrasing) => phrasing.task === task)]));
  const frequency = frequencyOf(phrasings);
  const uses = usesOf(phrasings);
  const count = phrasings.length;
  const length = phrasings.reduce((sum, { stems }) => sum + stems.length, 0);
  const byLetter = new Map<string, string[]>();
  for (const stem of frequency.keys()) byLetter.set(stem[0] ?? '', [...(byLetter.get(stem[0] ?? '') ?? []), stem]);
  const counts = new Map(tasks.map((task) => [task, countsOf(byTask.get(task) ?? [])]));
  const all = countsOf(phrasings);
  const pairs = new Map(tasks.map((task) => [task, countOf(read.get(task)?.pairs ?? [])]));
  const allPairs = countOf([...read.values()].flatMap((one) => one.pairs));
  const size = Math.max(1, frequency.size);
  return {
    phrasings,
    byTask,
    vocabulary: new Map(
      tasks.map((task) => [
        task,
        new Set([...(byTask.get(task) ?? []).flatMap(({ stems }) => stems), ...(read.get(task)?.name ?? [])]),
      ]),
    ),
    cues: new Map(tasks.map((task) => [task, read.get(task)?.cues ?? new Map<string, Cues>()])),
    idf: (stem) => Math.log(1 + (count - (frequency.get(stem) ?? 0) + 0.5) / ((frequency.get(stem) ?? 0) + 0.5)),
    weightOf: (word) => Math.log(1 + (count - (uses.get(word) ?? 0) + 0.5) / ((uses.get(word) ?? 0) + 0.5)),
    averageLength: count === 0 ? 1 : Math.max(1, length / count),
    known: (stem) => (frequency.has(stem) ? stem : slipOf(stem, byLetter.get(stem[0] ?? '') ?? [])),
    isKnown: (stem) => frequency.has(stem),
    affinity: (stem, task) => logOdds(stem, counts.get(task) ?? NOTHING, all, size),
    pairAffinity: (pair, task) =>
      allPairs.of.has(pair) ? logOdds(pair, pairs.get(task) ?? NOTHING, allPairs, allPairs.of.size) : null,
  };
}

function frequencyOf(phrasings: readonly Phrasing[]): Map<string, number> {
  const frequency = new Map<string, number>();
  for (const { stems } of phrasings) {
    for (const stem of new Set(stems)) frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
  }
  return frequency;
}

/** In how many phrasings each word stands, by its stem or, for stop words, as it is. */
function usesOf(phrasings: readonly Phrasing[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const { pattern } of phrasings) {
    for (const key of new Set(pattern.filter(({ slot }) => !slot).map(keyOf))) uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  return uses;
}

/** What a word is counted under: its stem, or the word itself where it is a stop word. */
export function keyOf({ word, stem }: { readonly word: string; readonly stem: string }): string {
  return isStopWord(word) ? word : stem;
}

interface Counts {
  readonly total: number;
  readonly of: ReadonlyMap<string, number>;
}

const NOTHING: Counts = { total: 0, of: new Map() };

function countsOf(phrasings: readonly Phrasing[]): Counts {
  return countOf(phrasings.flatMap(({ stems }) => stems));
}

function countOf(items: readonly string[]): Counts {
  const of = new Map<string, number>();
  for (const item of items) of.set(item, (of.get(item) ?? 0) + 1);
  return { total: items.length, of };
}

/** ln of the ratio of two shares, each smoothed by a tenth of one for every kind. */
function logOdds(item: string, own: Counts, all: Counts, kinds: number): number {
  const share = ({ total, of }: Counts): number => ((of.get(item) ?? 0) + 0.1) / (total + 0.1 * kinds);
  return Math.log(share(own) / share(all));
}

/** One letter may be wrong, missing, too many or in the wrong place in stems of five letters and more, two in those of nine. */
function slipOf(stem: string, candidates: readonly string[]): string {
  const allowed = stem.length >= 9 ? 2 : stem.length >= 5 ? 1 : 0;
  if (allowed === 0) return stem;
  let best = stem;
  let least = allowed + 1;
  for (const candidate of candidates) {
    if (candidate.length < 4 || Math.abs(candidate.length - stem.length) > allowed) continue;
    const far = distance(stem, candidate);
    if (far < least || (far === least && candidate < best)) [best, least] = [candidate, far];
  }
  return least <= allowed ? best : stem;
}

function cuesOf(task: TaskDef, param: ParamDef): Cues {
  const cues = new Map<string, Set<string | null>>();
  for (const phrasing of task.phrasings) {
    for (const match of phrasing.matchAll(SLOT)) {
      if (match[1] !== param.name) continue;
      const left = phrasing.slice(0, match.index);
      const right = phrasing.slice(match.index + match[0].length);
      const before = lastCue(left.slice(left.lastIndexOf('}') + 1));
      const after = tokens(right.split('{')[0] ?? '')[0]?.word ?? null;
      if (before !== null) cues.set(before, (cues.get(before) ?? new Set()).add(after));
    }
  }
  return cues;
}

/** Words between a cue and its value that say nothing: `by the column region`, `sum of price`. */
export const FILLERS = new Set(['of', 'the', 'a', 'an', 'each', 'column', 'field', 'its', 'their', 'my', 'our']);

function lastCue(left: string): string | null {
  const words = tokens(left).map(({ word }) => word);
  // "for each region": the cue is "each", for a plain "for" introduces anything.
  return words.filter((word) => word === 'each' || !FILLERS.has(word)).at(-1) ?? null;
}

const K1 = 1.2;
const B = 0.75;

/**
 * Okapi BM25 of the words against one phrasing, as a share of what a phrasing with all of the words would score: 0..1.
 *
 * @see Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009)
 */
export function similarity(words: readonly string[], phrasing: Phrasing, lexicon: Lexicon): number {
  const unique = [...new Set(words)];
  const norm = K1 * (1 - B + (B * Math.max(1, phrasing.stems.length)) / lexicon.averageLength);
  let score = 0;
  let ideal = 0;
  for (const word of unique) {
    const count = phrasing.stems.filter((stem) => stem === word).length;
    const weight = lexicon.idf(word);
    score += (weight * count * (K1 + 1)) / (count + norm);
    ideal += (weight * (K1 + 1)) / (1 + norm);
  }
  return ideal === 0 ? 0 : Math.min(1, score / ideal);
}

/**
 * How near words are to one phrasing, 0..1: the mean of {@link similarity} and of the balance (harmonic mean) between it and
 * the share of the phrasing, by weight, that the words have. 1 only when both say the same words.
 */
export function nearness(words: readonly string[], phrasing: Phrasing, lexicon: Lexicon): number {
  const similar = similarity(words, phrasing, lexicon);
  if (similar === 0) return 0;
  const share = shareOf(words, phrasing, lexicon);
  const balance = similar + share === 0 ? 0 : (2 * similar * share) / (similar + share);
  return (similar + balance) / 2;
}

/** Share of the phrasing, by weight, that the words have: 0..1. */
export function shareOf(words: readonly string[], phrasing: Phrasing, lexicon: Lexicon): number {
  const weigh = (stems: readonly string[]): number => stems.reduce((sum, stem) => sum + lexicon.idf(stem), 0);
  const own = [...new Set(phrasing.stems)];
  const total = weigh(own);
  return total === 0 ? 0 : weigh(own.filter((stem) => words.includes(stem))) / total;
}

/** Share of the words, by weight, that the task's phrasings know; 0 when there are none. */
export function coverage(words: readonly string[], task: TaskDef, lexicon: Lexicon): number {
  const known = lexicon.vocabulary.get(task) ?? new Set<string>();
  let [held, total] = [0, 0];
  for (const word of new Set(words)) {
    const weight = lexicon.idf(word);
    total += weight;
    if (known.has(word)) held += weight;
  }
  return total === 0 ? 0 : held / total;
}
