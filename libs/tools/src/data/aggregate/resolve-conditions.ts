import type { WordedCondition } from '@goalkeeper/domain';
import { ToolFailure } from '../../definition';
import type { Duck } from '../jobs/duck';
import { isIdleWord } from '../idle-words';
import type { Condition, Profile, ProfileColumn } from '../model';
import { isTime } from './condition-sql';
import { shownValue } from './condition-text';
import { findColumn, listed } from './find-column';
import { holdersOf, type Holder, unknownValue } from './find-values';

interface Table {
  readonly duck: Duck;
  readonly profile: Profile;
}

/**
 * What worded conditions mean of a table: each with the one column that it speaks of, texts as the column holds them. Nothing is
 * passed over: a word that no column holds, or several do, is told.
 *
 * @throws {ToolFailure} `data.condition_unclear`, `data.unknown_value`, `data.unknown_column`
 */
export async function resolveConditions(table: Table, worded: readonly WordedCondition[]): Promise<Condition[]> {
  const found: Condition[] = [];
  for (const one of worded) found.push(...(await resolve(table, one)));
  return joined(found);
}

/** Two values of one column that words name one after the other: a row cannot have both, so either will do. */
function joined(conditions: readonly Condition[]): Condition[] {
  const kept: Condition[] = [];
  for (const one of conditions) {
    const at = kept.findIndex(({ column, comparison }) => column === one.column && comparison === one.comparison);
    const known = kept[at];
    if (known && (one.comparison === 'is' || one.comparison === 'is_not'))
      kept[at] = { ...known, values: [...new Set([...known.values, ...one.values])] };
    else kept.push(one);
  }
  const torn = kept.find(
    ({ column, comparison }) =>
      comparison === 'is_not' && kept.some((one) => one.column === column && one.comparison === 'is'),
  );
  // "Not X and Y": is Y wanted, or left out as well?
  if (torn)
    throw unclear(
      `It is not clear which values of "${torn.column}" are wanted: some are named, and others are left out.`,
    );
  return kept;
}

async function resolve(table: Table, worded: WordedCondition): Promise<Condition[]> {
  const { comparison, values, near = '', loose = '' } = worded;
  const named = worded.column === undefined ? null : findColumn(table.profile, worded.column);
  if (named) return [await ofColumn(table, named, worded)];
  if (comparison === 'is' || comparison === 'is_not') {
    const column = near === '' ? null : nearColumn(table.profile, near, () => true)?.column;
    if (column && values.every(isNumber)) return [await ofColumn(table, column, worded)];
    // "iPhone 15": where no column has that name, it belongs to the value.
    return bare(table, near === '' ? worded : { comparison, values: values.map((one) => `${near} ${one}`) });
  }
  const areTimes = values.some((one) => !isNumber(one)) && comparison === 'between';
  const fits = (column: ProfileColumn): boolean => (areTimes ? isDate(column) : isFit(column, comparison));
  const hit = near === '' ? null : nearColumn(table.profile, near, fits);
  const used = new Set(hit?.words ?? []);
  const left = loose.split(' ').filter((word) => word !== '' && !used.has(word));
  const about = hit?.column ?? onlyColumn(table.profile, worded);
  const others = left.length === 0 ? [] : await inPieces(table, left);
  return [...others, await ofColumn(table, about, worded)];
}

const isNumber = (text: string): boolean => /^-?\d+(?:\.\d+)?$/.test(text);
const isDate = ({ type, role }: ProfileColumn): boolean => type === 'date' || type === 'timestamp' || role === 'year';
const isAmount = ({ role }: ProfileColumn): boolean => role === 'number' || role === 'integer';

function isFit(column: ProfileColumn, comparison: Condition['comparison']): boolean {
  if (comparison === 'contains' || comparison === 'not_contains') return column.type === 'text';
  if (comparison === 'missing' || comparison === 'not_missing') return true;
  if (isTime(comparison)) return isDate(column);
  return column.numeric !== null || isDate(column);
}

/** The column that the longest end of the words names. */
function nearColumn(
  profile: Profile,
  near: string,
  fits: (column: ProfileColumn) => boolean,
): { column: ProfileColumn; words: string[] } | null {
  const words = near.split(/\s+/);
  for (let from = 0; from < words.length; from += 1) {
    const own = words.slice(from);
    const column = maybeColumn(profile, own.join(' '));
    if (column && fits(column)) return { column, words: own };
  }
  return null;
}

function maybeColumn(profile: Profile, name: string): ProfileColumn | null {
  try {
    return findColumn(profile, name);
  } catch (error) {
    if (error instanceof ToolFailure) return null;
    throw error;
  }
}

/** Without a name only one column may be meant. */
function onlyColumn({ columns, ...profile }: Profile, { comparison, values, near }: WordedCondition): ProfileColumn {
  const dates = columns.filter(({ type }) => type === 'date' || type === 'timestamp');
  const times = dates.length > 0 ? dates : columns.filter(({ role }) => role === 'year');
  const amounts = columns.filter(isAmount);
  const areYears = values.every((one) => /^(?:1[5-9]|20|21)\d{2}$/.test(one));
  const areTimes = values.some((one) => !isNumber(one));
  const within = ({ numeric }: ProfileColumn): boolean =>
    numeric !== null && numeric.min <= Number(values[1]) && numeric.max >= Number(values[0]);
  const able =
    isTime(comparison) || areTimes
      ? times
      : comparison === 'between' && areYears
        ? [...times, ...amounts.filter(within)]
        : isFit(amounts[0] ?? ({} as ProfileColumn), comparison) || amounts.length === 0
          ? amounts
          : columns.filter((column) => isFit(column, comparison));
  const [only] = able;
  if (only && able.length === 1) return only;
  const what = [near, comparison.replace('_', ' '), values.join(' and ')].filter(Boolean).join(' ');
  const names = able.map(({ name }) => `"${name}"`).join(', ');
  const why = able.length === 0 ? 'no column can be compared so' : `it may be of ${names}`;
  throw unclear(`It is not clear which column "${what}" is about: ${why}. ${listed({ columns, ...profile })}`);
}

function unclear(message: string): ToolFailure {
  return new ToolFailure('data.condition_unclear', `${message} Say it as "where COLUMN is VALUE".`);
}

/** A condition with its column: values as the column holds them. */
async function ofColumn(table: Table, column: ProfileColumn, worded: WordedCondition): Promise<Condition> {
  const { comparison, values } = worded;
  const { name, type } = column;
  if (comparison === 'missing' || comparison === 'not_missing') return { column: name, comparison, values: [] };
  if (comparison === 'contains' || comparison === 'not_contains') {
    if (type !== 'text') throw wrongKind(column, 'texts');
    return { column: name, comparison, values };
  }
  if (isDate(column) && (type === 'date' || type === 'timestamp' || isTime(comparison)))
    return timesOf(column, timeOf(comparison), values);
  if (isTime(comparison)) throw wrongKind(column, 'dates');
  if (column.numeric !== null) return { column: name, comparison, values: values.map((one) => numberIn(column, one)) };
  if (comparison !== 'is' && comparison !== 'is_not') throw wrongKind(column, 'numbers or dates');
  if (type === 'boolean') return { column: name, comparison, values: values.map((one) => truthIn(column, one)) };
  const held: string[] = [];
  for (const value of values) {
    const [holder] = await holdersOf(table.duck, [column], value);
    if (!holder) throw await unknownValue(table.duck, { columns: [column] }, value);
    held.push(...holder.values);
  }
  return { column: name, comparison, values: [...new Set(held)] };
}

function wrongKind({ name, type }: ProfileColumn, wanted: string): ToolFailure {
  return unclear(`"${name}" holds ${type === 'text' ? 'texts' : `${type}s`}, not ${wanted}.`);
}

function timeOf(comparison: Condition['comparison']): Condition['comparison'] {
  const times: Partial<Record<Condition['comparison'], Condition['comparison']>> = {
    ...{ over: 'after', at_least: 'from', under: 'before', at_most: 'until', is: 'during' },
  };
  return times[comparison] ?? comparison;
}

/** A month of any year has no place in the order of times: "before March" is before which? */
function timesOf(column: ProfileColumn, comparison: Condition['comparison'], values: readonly string[]): Condition {
  const times = values.map((one) => timeIn(column, one));
  const month =
    comparison === 'during' || comparison === 'is_not' ? undefined : times.find((one) => one.startsWith('--'));
  if (month === undefined) return { column: column.name, comparison, values: times };
  throw unclear(`It is not clear which year's ${shownValue(month)} is meant; write it with its year (March 2024).`);
}

function timeIn({ name, role }: ProfileColumn, value: string): string {
  const isPeriod = /^\d{4}(?:-Q[1-4]|-\d{2}(?:-\d{2})?)?$|^--\d{2}$/.test(value);
  if (isPeriod && (role !== 'year' || /^\d{4}$/.test(value))) return value;
  throw unclear(`"${value}" is no time that can be found in "${name}"; write it as year, month or day (2024-03-15).`);
}

function numberIn({ name }: ProfileColumn, value: string): string {
  const plain = value.replace(/[€$£,’'\s\u00a0\u202f]/gu, '');
  if (isNumber(plain)) return plain;
  throw unclear(`"${name}" holds numbers, and "${value}" is none.`);
}

function truthIn({ name }: ProfileColumn, value: string): string {
  if (/^(?:true|yes|y|1|t)$/iu.test(value)) return 'true';
  if (/^(?:false|no|n|0|f)$/iu.test(value)) return 'false';
  throw unclear(`"${name}" holds true and false, and "${value}" is neither.`);
}

/** Words without a column: the one column that holds them all. */
async function bare(table: Table, { comparison, values }: WordedCondition): Promise<Condition[]> {
  if (values.length === 1) {
    const [value = ''] = values;
    const isGap = comparison === 'is_not' && (await holdersOf(table.duck, table.profile.columns, value)).length === 0;
    const column = isGap ? maybeColumn(table.profile, value) : null;
    // "Without email" speaks of rows that have none.
    if (column) return [{ column: column.name, comparison: 'missing', values: [] }];
    const pieces = await inPieces(table, value.split(/\s+/));
    if (comparison === 'is_not' && pieces.length === 0) throw await unknownValue(table.duck, table.profile, value);
    return pieces.map((one) => ({ ...one, comparison }));
  }
  const all: Holder[][] = [];
  for (const value of values) {
    const holders = await holdersOf(table.duck, table.profile.columns, value);
    if (holders.length === 0) throw await unknownValue(table.duck, table.profile, value);
    all.push(holders);
  }
  const shared = (all[0] ?? []).filter(({ column }) =>
    all.every((holders) => holders.some((one) => one.column.name === column.name)),
  );
  const [only] = shared;
  if (!only || shared.length > 1) throw severalHold(values.join('", "'), shared.length > 0 ? shared : all.flat());
  const { name } = only.column;
  const held = all.flatMap((holders) => holders.find(({ column }) => column.name === name)?.values ?? []);
  return [{ column: name, comparison, values: [...new Set(held)] }];
}

function severalHold(value: string, holders: readonly Holder[]): ToolFailure {
  const names = [...new Set(holders.map(({ column }) => `"${column.name}"`))];
  return unclear(`"${value}" stands in the columns ${names.join(' and ')}: it is not clear which is meant.`);
}

/** Words one behind the other are one value, or several: the longest that some column holds come first. */
async function inPieces(table: Table, words: readonly string[]): Promise<Condition[]> {
  for (let length = words.length; length > 0; length -= 1) {
    const value = words.slice(0, length).join(' ');
    const holders = await holdersOf(table.duck, table.profile.columns, value);
    const [only] = holders;
    if (!only) continue;
    if (holders.length > 1) throw severalHold(value, holders);
    const rest = words.slice(length);
    const own: Condition = { column: only.column.name, comparison: 'is', values: only.values };
    return [own, ...(rest.length === 0 ? [] : await inPieces(table, rest))];
  }
  const named = await namedPiece(table, words);
  if (named) return [named.own, ...(named.rest.length === 0 ? [] : await inPieces(table, named.rest))];
  const value = words.join(' ');
  const column = maybeColumn(table.profile, value);
  if (column)
    throw unclear(
      `"${value}" names the column "${column.name}" and none of its values. For how many there are, ask for the "number of different ${value}".`,
    );
  const [first = '', ...rest] = words;
  if (isIdleWord(first)) return rest.length === 0 ? [] : inPieces(table, rest);
  throw await unknownValue(table.duck, table.profile, value);
}

/** "Class 7A": the name of a column, and what this column holds. */
async function namedPiece(
  table: Table,
  words: readonly string[],
): Promise<{ own: Condition; rest: readonly string[] } | null> {
  for (let from = 1; from < words.length; from += 1) {
    const column = maybeColumn(table.profile, words.slice(0, from).join(' '));
    if (!column) continue;
    for (let to = words.length; to > from; to -= 1) {
      const [holder] = await holdersOf(table.duck, [column], words.slice(from, to).join(' '));
      if (!holder) continue;
      return { own: { column: column.name, comparison: 'is', values: holder.values }, rest: words.slice(to) };
    }
  }
  return null;
}
