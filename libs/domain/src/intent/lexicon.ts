import type { ParamDef, TaskDef } from '../planning/pack';
import { contentStems, isStopWord, tokens } from './words';

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
  /** Words that stand right before or after the slot of a parameter. */
  readonly cues: ReadonlyMap<TaskDef, ReadonlyMap<string, Cues>>;
  /** Inverse document frequency; a word that no phrasing has weighs most. */
  idf(stem: string): number;
  readonly averageLength: number;
}

export interface Cues {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

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
  const before = new Set<string>();
  const after = new Set<string>();
  for (const phrasing of task.phrasings) {
    for (const match of phrasing.matchAll(SLOT)) {
      if (match[1] !== param.name) continue;
      const left = phrasing.slice(0, match.index);
      const right = phrasing.slice(match.index + match[0].length);
      const previous = lastCue(left.slice(left.lastIndexOf('}') + 1));
      const next = tokens(right.split('{')[0] ?? '')[0]?.word;
      if (previous !== null) before.add(previous);
      else if (next !== undefined) after.add(next);
    }
  }
  return { before, after };
}

/** Words between a cue and its value that say nothing: `by the column region`. */
export const FILLERS = new Set(['the', 'a', 'an', 'each', 'column', 'field', 'its', 'their', 'my', 'our']);

function lastCue(left: string): string | null {
  const words = tokens(left).map(({ word }) => word);
  const own = words.filter((word) => !FILLERS.has(word) || words.every((other) => FILLERS.has(other)));
  return own.at(-1) ?? null;
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

/** Share of the words, by weight, that the task's phrasings know. */
export function coverage(words: readonly string[], task: TaskDef, lexicon: Lexicon): number {
  const known = lexicon.vocabulary.get(task) ?? new Set<string>();
  const weigh = (list: readonly string[]): number => list.reduce((sum, word) => sum + lexicon.idf(word), 0);
  const unique = [...new Set(words)];
  const total = weigh(unique);
  return total === 0 ? 0 : weigh(unique.filter((word) => known.has(word))) / total;
}

export { isStopWord };
