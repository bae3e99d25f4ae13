import type { Json } from '../json';
import type { ParamDef, TaskDef } from '../planning/pack';
import { canBeColumn, extractValues, fits, withoutValues, type Found } from './extract';
import { FILLERS, slotsOf, type Cues, type Lexicon } from './lexicon';
import { isStopWord, tokens, type Token } from './words';

/** A task's arguments as the words give them. */
export interface Filled {
  readonly args: Record<string, Json>;
  /** How many values that show their type by their form found a parameter. */
  readonly values: number;
  /** Required parameters that the words do not give. */
  readonly missing: readonly ParamDef[];
  /** Values of a fitting kind that no parameter took, such as a second file. */
  readonly unused: readonly Found[];
  /** The words that are left when all values are taken out. */
  readonly rest: readonly Token[];
}

/**
 * Fills a task's parameters: values that show their type by their form go to the first parameter of that type; columns
 * are the words after what stands before their slot in the phrasings.
 */
export function fillSlots(words: string, task: TaskDef, lexicon: Lexicon): Filled {
  const values = extractValues(words);
  const free = [...values];
  const args: Record<string, Json> = {};
  for (const param of task.params.filter((candidate) => candidate.type !== 'column' && isAskable(candidate, task))) {
    const index = free.findIndex((value) => fits(value, param.type));
    const [value] = index < 0 ? [] : free.splice(index, 1);
    if (value) args[param.name] = value.value;
  }
  let rest = mark(words, free);
  for (const param of task.params.filter(({ type }) => type === 'column')) {
    const cues = lexicon.cues.get(task)?.get(param.name);
    const known = lexicon.vocabulary.get(task) ?? new Set<string>();
    const found = cues ? findColumn(rest, cues, known) : null;
    if (!found) continue;
    args[param.name] = found.value;
    rest = rest.filter((token) => token !== found.token);
  }
  const missing = task.params.filter(
    (param) => param.required && param.default === undefined && args[param.name] === undefined,
  );
  const taken = new Set(Object.values(args));
  // "the flights in flights.csv": a word of a value that was understood needs no understanding of its own.
  const named = new Set(Object.values(args).flatMap((value) => (typeof value === 'string' ? namesIn(value) : [])));
  return {
    args,
    values: values.length - free.length,
    missing,
    unused: free.filter((value) => !taken.has(value.value)),
    rest: rest.filter((token) => isWord(token) && !named.has(token.stem)),
  };
}

/** An optional parameter without a slot in any phrasing is set by name only: words never mean it. */
function isAskable(param: ParamDef, task: TaskDef): boolean {
  return param.required === true || task.phrasings.some((phrasing) => slotsOf(phrasing).includes(param.name));
}

/** Words with the quoted texts that are still free among them, each as one token. */
function mark(words: string, free: readonly Found[]): Token[] {
  const plain = tokens(withoutValues(words, extractValues(words)));
  const quoted = free
    .flatMap(({ type, value, from }) => (type === 'text' && typeof value === 'string' ? [{ value, from }] : []))
    .map(({ value, from }) => ({ text: value, word: `"${value}"`, stem: '', at: from }));
  return [...plain, ...quoted].sort((a, b) => a.at - b.at);
}

function namesIn(value: string): string[] {
  return tokens(value.replace(/[_.-]/g, ' ')).map(({ stem }) => stem);
}

function isWord(token: Token): boolean {
  return token.stem !== '';
}

/**
 * The word after a cue. After a plain preposition (by, per) any word may be a column; after a word that means something by itself
 * (analyse, plot) only one that the task has no other use for, in front of what follows the slot in a phrasing.
 */
function findColumn(
  rest: readonly Token[],
  cues: Cues,
  known: ReadonlySet<string>,
): { value: string; token: Token } | null {
  for (const [index, token] of rest.entries()) {
    const followers = cues.get(token.word);
    if (!followers) continue;
    let at = index + 1;
    while (FILLERS.has(rest[at]?.word ?? '')) at += 1;
    const value = rest[at];
    if (!value || !isColumn(value)) continue;
    const isPlain = isStopWord(token.word) || value.stem === '';
    const fitsBetween = !known.has(value.stem) && followers.has(rest[at + 1]?.word ?? null);
    if (isPlain || fitsBetween) return { value: value.text, token: value };
  }
  return null;
}

function isColumn(token: Token): boolean {
  return token.stem === '' || (!isStopWord(token.word) && canBeColumn(token));
}
