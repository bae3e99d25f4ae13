import type { Json } from '../json';
import type { ParamDef, ParamType, TaskDef } from '../planning/pack';
import { canBeColumn, extractNames, extractValues, fits, withoutValues, type Found } from './extract';
import { findSpan, questionIn } from './free-text';
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
  /** How many words with a meaning of their own are part of a text in the words' own words. */
  readonly absorbed: number;
}

/** Values of a text, found once for all tasks. */
export interface TextValues {
  readonly text: string;
  readonly values: readonly Found[];
  readonly names: readonly Found[];
}

/** Finds the values of a text. */
export function readValues(text: string): TextValues {
  const values = extractValues(text);
  return { text, values, names: extractNames(text, values) };
}

/**
 * Fills a task's parameters: values that show their type by their form go to the first parameter of that type; columns
 * are the words after what stands before their slot in the phrasings; texts are what stands where a phrasing has its slot, a question
 * is what is left when the places to look are taken out.
 */
export function fillSlots({ text, values: shown, names }: TextValues, task: TaskDef, lexicon: Lexicon): Filled {
  const askable = task.params.filter((param) => isAskable(param, task));
  const soft = names.filter((name) => askable.some(({ type }) => fits(name, type)));
  const isFolderTask = askable.some(({ type }) => type === 'source' || type === 'sources');
  const values = [...shown, ...soft.filter(({ type }) => type !== 'source' || isFolderTask)].sort(
    (a, b) => a.from - b.from,
  );
  const free = [...values];
  const args: Record<string, Json> = {};
  for (const param of askable.filter(({ type }) => type !== 'column')) {
    const taken = param.type === 'sources' ? takeAll(free, param.type) : takeFirst(free, param.type);
    if (taken !== undefined) args[param.name] = taken;
  }
  const before = mark(text, values, free);
  const columns = fillColumns(before, args, { task, lexicon });
  const texts = fillTexts(text, args, { task, askable, rest: columns, values: [...shown, ...soft] });
  const missing = task.params.filter(
    (param) => param.required && param.default === undefined && args[param.name] === undefined,
  );
  const taken = new Set(Object.values(args).flatMap((value) => (Array.isArray(value) ? (value as Json[]) : [value])));
  // "the flights in flights.csv": a word of a value that was understood needs no understanding of its own.
  const named = new Set([...taken].flatMap((value) => (typeof value === 'string' ? namesIn(value) : [])));
  const asksFreely = askable.some(({ type, name }) => type === 'question' && args[name] !== undefined);
  return {
    args,
    values: values.length - free.length,
    missing,
    unused: free.filter(
      ({ value, type, isSoft }) => !isSoft && !taken.has(value) && !(asksFreely && type !== 'source' && type !== 'url'),
    ),
    rest: texts.rest.filter((token) => isWord(token) && !named.has(token.stem)),
    absorbed: texts.count,
  };
}

function takeFirst(free: Found[], type: ParamType): Json | undefined {
  const index = free.findIndex((value) => fits(value, type));
  const [value] = index < 0 ? [] : free.splice(index, 1);
  if (!value) return undefined;
  return type === 'duration' ? (value.seconds ?? value.value) : value.value;
}

function takeAll(free: Found[], type: ParamType): Json | undefined {
  const taken: Json[] = [];
  for (let value = takeFirst(free, type); value !== undefined; value = takeFirst(free, type)) taken.push(value);
  return taken.length > 0 ? taken : undefined;
}

function fillColumns(
  tokensLeft: readonly Token[],
  args: Record<string, Json>,
  { task, lexicon }: { readonly task: TaskDef; readonly lexicon: Lexicon },
): Token[] {
  let rest = [...tokensLeft];
  for (const param of task.params.filter(({ type }) => type === 'column')) {
    const cues = lexicon.cues.get(task)?.get(param.name);
    const known = lexicon.vocabulary.get(task) ?? new Set<string>();
    const found = cues ? findColumn(rest, cues, known) : null;
    if (!found) continue;
    args[param.name] = found.value;
    rest = rest.filter((token) => token !== found.token);
  }
  return rest;
}

interface FreeText {
  readonly task: TaskDef;
  readonly askable: readonly ParamDef[];
  readonly rest: readonly Token[];
  readonly values: readonly Found[];
}

/** Texts in the words' own words; their words are no words of the request any more. */
function fillTexts(
  text: string,
  args: Record<string, Json>,
  { task, askable, rest, values }: FreeText,
): { rest: Token[]; count: number } {
  let left = [...rest];
  let count = 0;
  for (const param of askable.filter(({ name }) => args[name] === undefined)) {
    if (param.type === 'text') {
      const span = findSpan(text, { task, param: param.name }, { rest: left.filter(isWord), values });
      if (!span) continue;
      args[param.name] = span.value;
      left = left.filter((token) => !span.tokens.includes(token));
      count += span.tokens.filter(({ word }) => !isStopWord(word)).length;
    } else if (param.type === 'question') {
      const own = new Set(
        task.phrasings.flatMap((phrasing) => tokens(phrasing.replace(/\{[^}]*\}/g, ' ')).map(({ stem }) => stem)),
      );
      const asked = left.filter((token) => isWord(token) && !isStopWord(token.word) && !own.has(token.stem));
      if (asked.length === 0) continue;
      args[param.name] = questionIn(
        text,
        values.filter(({ type }) => type === 'source' || type === 'url'),
      );
      left = left.filter((token) => !asked.includes(token));
      count += asked.length;
    }
  }
  return { rest: left, count };
}

/** An optional parameter without a slot in any phrasing is set by name only: words never mean it. */
function isAskable(param: ParamDef, task: TaskDef): boolean {
  return param.required === true || task.phrasings.some((phrasing) => slotsOf(phrasing).includes(param.name));
}

/** Words with the quoted texts that are still free among them, each as one token. */
function mark(text: string, values: readonly Found[], free: readonly Found[]): Token[] {
  const plain = tokens(withoutValues(text, values));
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
