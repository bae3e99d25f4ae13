import type { Json } from '../json';
import type { TaskDef } from '../planning/pack';
import type { WordedCondition } from './condition';
import type { Found } from './extract';
import type { Reading } from './features';
import { type FoundCondition, readConditions, withoutRanges } from './read-conditions';
import { isStopWord, tokens, type Token } from './words';

/** A request as it reads without the conditions in it. */
export interface Unconditioned {
  readonly words: string;
  readonly conditions: readonly WordedCondition[];
  /** All of them name their column, so that the request can be about nothing but a table. */
  readonly areNamed: boolean;
}

/** What a reading has no use for. */
export interface Leftover {
  /** Words that neither the task knows nor an argument holds. */
  readonly words: readonly string[];
  readonly values: readonly Found[];
  /** What the reading took. */
  readonly args: Readonly<Record<string, Json>>;
}

/** "Except in 2024", "unless over 30": the word in front of a condition turns it around. */
const TURNS = new Set(
  'except excepting excluding without not never no nor neither ignoring omitting unless outside minus but'.split(' '),
);

function isTurned({ condition: { near = '' } }: FoundCondition): boolean {
  return tokens(near).some(({ word }) => TURNS.has(word));
}

/** "Over 100 in Bergen and over 50 in Oslo": each bound is for rows of its own, and no row is meant to meet both. */
function hasTwoBounds(found: readonly FoundCondition[]): boolean {
  const bounds = found.flatMap(({ condition: { column, near, comparison } }) =>
    ['over', 'at_least', 'under', 'at_most'].includes(comparison) ? [`${comparison} ${column ?? near ?? ''}`] : [],
  );
  return new Set(bounds).size < bounds.length;
}

/** More words than this that a task knows nothing of are no values of a table: the request is of something else. */
const MOST_WORDS = 8;
/** Words for the rows of a table, and for the table itself: they name no value. */
const ROW_NOUNS = new Set(
  'row rows record records entry entries line lines file files table tables data dataset sheet spreadsheet csv json'.split(
    ' ',
  ),
);
const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** What leads to a value, or stands between two of them. */
const LEADS = new Set(
  'of at in for from with by on to near during only just where whose when having the a an all any was were is are did do does that which who and or'.split(
    ' ',
  ),
);

/** The parameter that takes conditions; undefined where the task has none. */
export function conditionParam({ params }: TaskDef): string | undefined {
  return params.find(({ type }) => type === 'conditions')?.name;
}

/**
 * Takes the conditions out of a request: those that show by their form, then the words that the task has no use for, each run of them
 * a value of some column. No word is passed over: whoever knows the table finds the value, or asks.
 *
 * @param read the best reading of a text, with what it has no use for; null when there is none
 * @returns null where the words hold no condition, or the task takes none
 */
export function takeConditions(
  text: string,
  read: (text: string) => { readonly reading: Reading; readonly left: Leftover } | null,
): Unconditioned | null {
  const { found, rest } = readConditions(text);
  if (found.some(isTurned) || hasTwoBounds(found)) return null;
  const first = read(rest);
  if (!first || conditionParam(first.reading.task) === undefined) return null;
  const { ranges, conditions } = bareConditions(rest, { ...first, found });
  const unread = new Set(first.left.words);
  const nouns = nounsOf(first.reading);
  const told = found.map((one) => ({ ...one, condition: withLoose(one.condition, { unread, nouns }) }));
  const all = eitherOf(
    text,
    [...told, ...conditions].sort((a, b) => a.from - b.from),
  );
  if (all === null) return null;
  const taken = conditions.reduce((sum, one) => sum + one.condition.values.length, 0);
  if (all.length === 0 || taken > MOST_WORDS) return null;
  if (conditions.length > 0 && !isAboutSomething(first)) return null;
  const areNamed =
    conditions.length === 0 && told.every(({ condition: { column, near } }) => (column ?? near) !== undefined);
  return { words: withoutRanges(rest, ranges), areNamed, conditions: all.map(({ condition }) => condition) };
}

/**
 * "For Bergen or Oslo": two words without a column are values of one. Anything else with an "or" between would be met by rows that meet
 * one condition alone, and conditions are all met.
 *
 * @returns null where conditions are alternatives
 */
function eitherOf(text: string, conditions: readonly FoundCondition[]): FoundCondition[] | null {
  const joined: FoundCondition[] = [];
  for (const one of conditions) {
    const last = joined.at(-1);
    if (!last || !/\bor\b/iu.test(text.slice(last.to, one.from))) {
      joined.push(one);
      continue;
    }
    const isBare = [last, one].every(
      ({ condition: { column, near, comparison } }) => comparison === 'is' && (column ?? near) === undefined,
    );
    if (!isBare) return null;
    const values = [...last.condition.values, ...one.condition.values];
    joined[joined.length - 1] = { condition: { comparison: 'is', values }, from: last.from, to: one.to };
  }
  return joined;
}

/** Where nothing is measured, counted or grouped by, a word that is left is more likely what to measure than a value. */
function isAboutSomething({ reading: { task }, left: { args } }: { reading: Reading; left: Leftover }): boolean {
  const columns = task.params.filter(({ type }) => type === 'column');
  const counts = Object.values(args).some((value) => value === 'count' || value === 'distinct');
  return counts || columns.some(({ name }) => args[name] !== undefined);
}

function withLoose(
  condition: WordedCondition,
  { unread, nouns }: { readonly unread: ReadonlySet<string>; readonly nouns: ReadonlySet<string> },
): WordedCondition {
  const words = tokens(condition.near ?? '');
  const loose = words.filter(({ text, word, stem }) => unread.has(text) && !ROW_NOUNS.has(word) && !nouns.has(stem));
  if (loose.length === 0 || condition.comparison === 'missing') return condition;
  return { ...condition, loose: loose.map(({ text }) => text).join(' ') };
}

interface Bare {
  readonly conditions: readonly FoundCondition[];
  /** What they take up in the text, with the words that lead to them. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

interface Piece {
  readonly token: Token;
  readonly value: string;
}

function bareConditions(
  text: string,
  {
    reading,
    left,
    found,
  }: { readonly reading: Reading; readonly left: Leftover; readonly found: readonly FoundCondition[] },
): Bare {
  const unread = new Set(left.words);
  const nouns = nounsOf(reading);
  const named = new Set(
    [...Object.values(left.args)].flatMap((value) =>
      tokens(typeof value === 'string' ? value : '').map(({ word }) => word),
    ),
  );
  const near = new Set(found.flatMap(({ condition }) => tokens(condition.near ?? '').map(({ word }) => word)));
  const sources = sourcesIn(text, reading);
  const all = tokens(text).filter(({ at }) => !sources.some(({ from, to }) => at >= from && at < to));
  const quoted = left.values
    .filter(({ type }) => type === 'text' || type === 'number' || type === 'integer')
    .map((value) => ({ ...value, text: typeof value.value === 'string' ? value.value : JSON.stringify(value.value) }));
  const pieces: Piece[] = [];
  const ranges: { from: number; to: number }[] = [];
  for (const token of all) {
    if (quoted.some(({ from, to }) => token.at >= from && token.at < to) || !unread.has(token.text)) continue;
    if (nouns.has(token.stem) || ROW_NOUNS.has(token.word) || near.has(token.word)) ranges.push(rangeOf(token));
    else pieces.push({ token, value: token.text });
  }
  for (const { text: value, from, to } of quoted)
    pieces.push({ token: { text: text.slice(from, to), word: value, stem: '', at: from }, value });
  pieces.sort((a, b) => a.token.at - b.token.at);
  const groups = withoutNames(text, grouped(text, pieces), ranges).map((group) => withoutVerb(text, group, ranges));
  const conditions = groups.filter((group) => group.length > 0).map((group) => conditionOf(text, group));
  for (const { from, to } of conditions) ranges.push({ from: leadOf(text, from, { all, named }), to });
  return { conditions, ranges };
}

const rangeOf = ({ at, text }: Token): { from: number; to: number } => ({ from: at, to: at + text.length });

/** The words of which a table's rows are spoken: those of its file's name. */
function nounsOf({ filled, task }: Reading): Set<string> {
  const sources = task.params.filter(({ type }) => type === 'source').map(({ name }) => filled.args[name]);
  const names = sources.flatMap((source) => (typeof source === 'string' ? [source] : []));
  const words = names.map((name) => (name.split(/[/:]/).at(-1) ?? '').replace(/\.[A-Za-z0-9]+$/, ''));
  return new Set(words.flatMap((name) => tokens(name.replace(/[_.-]/g, ' ')).map(({ stem }) => stem)));
}

function sourcesIn(text: string, { filled }: Reading): { from: number; to: number }[] {
  return Object.values(filled.args).flatMap((value) => {
    const at = typeof value === 'string' && /[./:]/.test(value) ? text.indexOf(value) : -1;
    return at < 0 ? [] : [{ from: at, to: at + (typeof value === 'string' ? value.length : 0) }];
  });
}

/** Runs of neighbouring words. */
function grouped(text: string, pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = [];
  let end = -1;
  for (const piece of pieces) {
    const { from, to } = rangeOf(piece.token);
    const isNext = end >= 0 && /^[\s&./-]+$/u.test(text.slice(end, from)) && piece.token.stem !== '';
    if (isNext && groups.at(-1)?.at(-1)?.token.stem !== '') groups.at(-1)?.push(piece);
    else groups.push([piece]);
    end = to;
  }
  return groups;
}

/** "Term 2": the word right in front of a number names what is numbered, and is no value itself. */
function withoutNames(text: string, groups: readonly Piece[][], ranges: { from: number; to: number }[]): Piece[][] {
  return groups.map((group, at) => {
    const [last, next] = [group.at(-1), groups[at + 1]];
    const number = next?.length === 1 ? next[0]?.token : undefined;
    if (!last || !number || !NUMBER.test(number.text) || last.token.stem === '') return group;
    const { from, to } = rangeOf(last.token);
    if (!/^\s+$/u.test(text.slice(to, number.at))) return group;
    ranges.push({ from, to });
    return group.slice(0, -1);
  });
}

/** "Did Alice place": the small word behind a name with a capital does, and is no part of the name. */
function withoutVerb(text: string, group: Piece[], ranges: { from: number; to: number }[]): Piece[] {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return group;
  const isDone = /\b(?:did|does|do|has|have)\s+(?:the\s+)?$/iu.test(text.slice(0, first.token.at));
  const isBehindName = group.length > 1 && isSmall(last.token) && !isSmall(first.token);
  if (!(isDone && isBehindName)) return group;
  ranges.push(rangeOf(last.token));
  return group.slice(0, -1);
}

const isSmall = ({ text, stem }: Token): boolean => stem !== '' && text === text.toLowerCase();

function conditionOf(text: string, group: readonly Piece[]): FoundCondition {
  const [first, last] = [group[0]?.token, group.at(-1)?.token];
  if (!first || !last) throw new TypeError('conditionOf: no words');
  const { from, to } = { from: first.at, to: rangeOf(last).to };
  const isNumber = NUMBER.test(first.text) && first === last;
  const before = isNumber
    ? (/([\p{L}_][\p{L}\p{N}_]*)\s+(?:no\.?|number|#)?\s*$/iu.exec(text.slice(0, from))?.[1] ?? '')
    : '';
  const near = before === '' || isStopWord(before.toLowerCase()) ? {} : { near: before };
  const value = group.length === 1 ? (group[0]?.value ?? '') : text.slice(from, to);
  return { condition: { ...near, comparison: 'is', values: [value] }, from, to };
}

/** Where the words begin that lead to a value: `at`, `for the`, `bought by`. */
function leadOf(
  text: string,
  from: number,
  { all, named }: { readonly all: readonly Token[]; readonly named: ReadonlySet<string> },
): number {
  let start = from;
  for (const token of all.filter(({ at }) => at < from).reverse()) {
    const isNext = /^[\s,]*$/u.test(text.slice(rangeOf(token).to, start));
    if (!isNext || !LEADS.has(token.word)) break;
    // "Number of", "count of": the word belongs to what is asked for.
    const behind = all.findLast(({ at }) => at < token.at);
    if (token.word === 'of' && behind && !named.has(behind.word)) break;
    start = token.at;
  }
  return start;
}

/** Conditions as an argument. */
export function conditionsArg(conditions: readonly WordedCondition[]): Json {
  return conditions.map((one) => ({ ...one, values: [...one.values] }));
}
