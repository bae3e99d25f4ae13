import type { ParamDef, TaskDef } from '../planning/pack';
import { contentStems, tokens } from './words';

/** One sample wording of a task, as a document of stems. */
export interface Phrasing {
  readonly task: TaskDef;
  readonly stems: readonly string[];
  /** Parameters that have a slot in it. */
  readonly slots: readonly string[];
}

/** What the phrasings of all tasks on offer tell about words. */
export interface Lexicon {
  readonly phrasings: readonly Phrasing[];
  /** All words of a task: phrasings, summary and name. */
  readonly vocabulary: ReadonlyMap<TaskDef, ReadonlySet<string>>;
  /** Words that stand right before and after the slot of a parameter. */
  readonly cues: ReadonlyMap<TaskDef, ReadonlyMap<string, Cues>>;
  /** Inverse document frequency; a word that no phrasing has weighs most. */
  idf(stem: string): number;
  readonly averageLength: number;
}

/** For each word in front of the slot, the words that follow the slot then; null where nothing or another slot does. */
export type Cues = ReadonlyMap<string, ReadonlySet<string | null>>;

const SLOT = /\{([A-Za-z_][A-Za-z0-9_]*)(?::[a-z]+)?\}/gu;

/** Names of the parameters that have a slot in a phrasing. */
export function slotsOf(phrasing: string): string[] {
  return [...phrasing.matchAll(SLOT)].map((match) => match[1] ?? '');
}

/** Reads the phrasings of the tasks; tasks without phrasings are not matched by words. */
export function lexiconOf(tasks: readonly TaskDef[]): Lexicon {
  const phrasings = tasks.flatMap((task) =>
    task.phrasings.map((text) => ({
      task,
      stems: contentStems(text.replace(SLOT, ' ')),
      slots: slotsOf(text),
    })),
  );
  const frequency = new Map<string, number>();
  for (const { stems } of phrasings) {
    for (const stem of new Set(stems)) frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
  }
  const count = phrasings.length;
  const length = phrasings.reduce((sum, { stems }) => sum + stems.length, 0);
  return {
    phrasings,
    vocabulary: new Map(tasks.map((task) => [task, vocabularyOf(task)])),
    cues: new Map(tasks.map((task) => [task, new Map(task.params.map((param) => [param.name, cuesOf(task, param)]))])),
    idf: (stem) => Math.log(1 + (count - (frequency.get(stem) ?? 0) + 0.5) / ((frequency.get(stem) ?? 0) + 0.5)),
    averageLength: count === 0 ? 1 : Math.max(1, length / count),
  };
}

function vocabularyOf(task: TaskDef): ReadonlySet<string> {
  return new Set([...task.phrasings.map((text) => text.replace(SLOT, ' ')), task.name].flatMap(contentStems));
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
  const weigh = (stems: readonly string[]): number => stems.reduce((sum, stem) => sum + lexicon.idf(stem), 0);
  const own = [...new Set(phrasing.stems)];
  const total = weigh(own);
  const share = total === 0 ? 0 : weigh(own.filter((stem) => words.includes(stem))) / total;
  const balance = similar + share === 0 ? 0 : (2 * similar * share) / (similar + share);
  return (similar + balance) / 2;
}

/** Share of the words that the task's phrasings know; 0 when there are none. */
export function coverage(words: readonly string[], task: TaskDef, lexicon: Lexicon): number {
  const known = lexicon.vocabulary.get(task) ?? new Set<string>();
  const unique = [...new Set(words)];
  return unique.length === 0 ? 0 : unique.filter((word) => known.has(word)).length / unique.length;
}
