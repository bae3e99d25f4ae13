import type { Json } from '../json';
import type { ParamDef, ParamType, TaskDef } from '../planning/pack';
import type { Alignment } from './align';
import { canBeColumn, extractNames, extractValues, fits, withoutValues, type Found } from './extract';
import { findSpan, questionIn, type Span, trimmed, written } from './free-text';
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
export function fillSlots(
  { text, values: shown, names }: TextValues,
  task: TaskDef,
  { lexicon, aligned }: { readonly lexicon: Lexicon; readonly aligned: Alignment },
): Filled {
  const askable = task.params.filter((param) => isAskable(param, task));
  const soft = names.filter((name) => askable.some(({ type }) => fits(name, type)));
  const isFolderTask = askable.some(({ type }) => type === 'source' || type === 'sources');
  const values = [...shown, ...soft.filter(({ type }) => type !== 'source' || isFolderTask)].sort(
    (a, b) => a.from - b.from,
  );
  const args: Record<string, Json> = {};
  const free = values.filter((value) => !isName(value, { args, askable, aligned }));
  for (const param of askable.filter(({ type }) => type !== 'column')) {
    const taken = param.type === 'sources' ? takeAll(free, param.type) : takeFirst(free, param.type);
    if (taken !== undefined) args[param.name] = taken;
  }
  const before = mark(text, values, free);
  const columns = fillColumns(before, args, { task, lexicon });
  const texts = fillTexts(text, args, { task, askable, rest: columns, values: [...shown, ...soft], aligned, lexicon });
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

/** A file name that stands in the slot of a text is the value of that: "zip ./a as out.zip". */
function isName(
  { type, value, from, to }: Found,
  { args, askable, aligned }: { args: Record<string, Json>; askable: readonly ParamDef[]; aligned: Alignment },
): boolean {
  if (type !== 'source' || aligned.score < FOLLOWED) return false;
  const param = askable.find(({ name, type: own }) => own === 'text' && aligned.spans[name]?.from === from);
  if (!param || aligned.spans[param.name]?.to !== to) return false;
  args[param.name] = value;
  return true;
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
  readonly aligned: Alignment;
  readonly lexicon: Lexicon;
}

/** What tells words of a task from those of a value. */
interface TaskWords {
  readonly own: ReadonlySet<string>;
  /** Words that stand in front of the parameter's slot in some phrasing. */
  readonly cues: ReadonlySet<string>;
  readonly values: readonly Found[];
}

/** Texts in the words' own words; their words are no words of the request any more. */
function fillTexts(
  text: string,
  args: Record<string, Json>,
  { task, askable, rest, values, aligned, lexicon }: FreeText,
): { rest: Token[]; count: number } {
  let left = [...rest];
  let count = 0;
  const own = new Set(
    task.phrasings.flatMap((phrasing) => tokens(phrasing.replace(/\{[^}]*\}/g, ' ')).map(({ stem }) => stem)),
  );
  const words = (param: string): TaskWords => ({
    own,
    cues: new Set(lexicon.cues.get(task)?.get(param)?.keys()),
    values,
  });
  for (const param of askable.filter(({ name }) => args[name] === undefined)) {
    if (param.type === 'text' || param.type === 'code') {
      const span =
        alignedSpan(text, left, { aligned, param: param.name, own: words(param.name) }) ??
        bare(
          text,
          findSpan(text, { task, param: param.name }, { rest: left.filter(isWord), values }),
          words(param.name),
        );
      if (!span || (param.type === 'code' && !CODE.test(span.value))) continue;
      args[param.name] = span.value;
      left = left.filter((token) => !span.tokens.includes(token));
      count += span.tokens.filter(({ word }) => !isStopWord(word)).length;
    } else if (param.type === 'question') {
      const span = alignedSpan(text, left, { aligned, param: param.name, own: words(param.name) });
      if (span) {
        const named = values.filter(({ type }) => type === 'source' || type === 'url');
        args[param.name] = isWhole(text, span) ? afterOrder(questionIn(text, named), own) : span.value;
        left = left.filter((token) => !span.tokens.includes(token));
        count += span.tokens.filter(({ word }) => !isStopWord(word)).length;
        continue;
      }
      const asked = left.filter((token) => isWord(token) && !isStopWord(token.word) && !own.has(token.stem));
      if (asked.length === 0) continue;
      const named = values.filter(({ type }) => type === 'source' || type === 'url');
      args[param.name] = afterOrder(questionIn(text, named), own);
      left = left.filter((token) => !asked.includes(token));
      count += asked.length;
    }
  }
  return { rest: left, count };
}

/** Words alone are no program; what is written in quotes is taken as it stands. */
const CODE = /[()[\]{}=<>+*/%$;|&^]|\d/u;

/** From here the words of a text that follows a phrasing are told apart from those in its slots. */
const FOLLOWED = 0.6;

/** What stands in the slot of the phrasing that the text follows. */
function alignedSpan(
  text: string,
  rest: readonly Token[],
  { aligned, param, own }: { readonly aligned: Alignment; readonly param: string; readonly own: TaskWords },
): Span | null {
  const range = aligned.spans[param];
  if (aligned.score < FOLLOWED || !range) return null;
  const found = trimmed(rest.filter(({ at, stem }) => at >= range.from && at < range.to && stem !== ''));
  return bare(text, { value: '', tokens: found }, own);
}

const OF = new Set(['about', 'on', 'of', 'regarding', 'concerning']);
const JOINING = new Set('from in of with to by at on using based out the for within and'.split(' '));

/**
 * Without the words of the task in front, "an overview document of heating costs" is about heating costs, and without those that lead to
 * a value behind it: "recycling based on ./a". Null where nothing else is left.
 */
function bare(text: string, span: Span | null, { own, cues, values }: TaskWords): Span | null {
  if (!span) return null;
  const isOwn = ({ word, stem }: Token): boolean => isStopWord(word) || own.has(stem);
  if (span.tokens.every(isOwn)) return null;
  const first = span.tokens.findIndex((token) => !isOwn(token));
  const link = span.tokens.slice(0, first).findLastIndex(({ word }) => cues.has(word) || OF.has(word));
  const left = span.tokens.slice(link + 1);
  const end = left.at(-1);
  const isBeforeValue = values.some(
    ({ from }) => end && from > end.at && text.slice(end.at + end.text.length, from).trim() === '',
  );
  while (isBeforeValue && left.length > 1 && JOINING.has(left.at(-1)?.word ?? '')) left.pop();
  return { value: written(text, left), tokens: left };
}

/** "answer from a.txt: what is it?" asks what is it: words of the task in front of a colon, or behind the question, say what to do. */
function afterOrder(question: string, own: ReadonlySet<string>): string {
  const colon = question.indexOf(':');
  const order = tokens(question.slice(0, Math.max(0, colon)));
  const isOrder = colon > 0 && order.every(({ word, stem }) => isStopWord(word) || own.has(stem));
  const asked = isOrder && question.slice(colon + 1).trim() !== '' ? question.slice(colon + 1).trim() : question;
  const mark = asked.indexOf('?') + 1;
  const behind = tokens(asked.slice(mark));
  return mark > 0 && behind.every(({ word, stem }) => isStopWord(word) || own.has(stem)) ? asked.slice(0, mark) : asked;
}

const ASKS =
  /^\W*(?:please\s+)?(?:who|what|when|where|why|which|how|is|are|was|were|do|does|did|can|may|must|has|have)\b/iu;
const ABOUT = /\b(?:about|on|regarding|concerning|mentions?|of|for)\s*$/iu;

/** A question is asked as it stands; only what follows "about" is a topic, without the words that ask for it. */
function isWhole(text: string, { value, tokens: [first] }: Span): boolean {
  return ASKS.test(text) && first !== undefined && !ABOUT.test(text.slice(0, text.indexOf(value, first.at)));
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
