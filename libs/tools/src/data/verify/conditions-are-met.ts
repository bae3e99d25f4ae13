import type { DuckDBConnection } from '@duckdb/node-api';
import type { Evidence } from '@goalkeeper/domain';
import { isIdleWord } from '../idle-words';
import { Fields, sqlText } from './claim-sql';
import type { CheckedCondition, CheckedReport, WantedCondition } from './report-model';
import { meet, partsOf, resolveName } from './resolve-name';

/** Comparisons that come to the same in a column of times. */
const SAME: Readonly<Record<string, string>> = {
  ...{ over: 'after', at_least: 'from', under: 'before', at_most: 'until', is: 'during' },
};

/**
 * Whether the conditions that the report states are those of the goal, all of them and no others: a column that the goal names is
 * that column, a word without a column stands in that column and in no other, numbers and times are the same.
 */
export async function judgeConditions(
  db: DuckDBConnection,
  report: CheckedReport,
  wanted: readonly WantedCondition[],
): Promise<Evidence[]> {
  const told = report.asked?.where ?? [];
  const used: Told['used'] = new Map();
  const evidence: Evidence[] = [];
  for (const one of wanted) {
    const wrong = await fault(db, { report, told, used }, one);
    const check = `the rows are those that were asked for: ${textOf(one)}`;
    evidence.push({ check, holds: wrong === null, seen: (wrong ?? told.map(textOf).join('; ')).slice(0, 300) });
  }
  const extra = told.filter((one) => !isAskedFor(one, used.get(one)));
  const check = 'no rows were taken or left out for another reason';
  evidence.push({ check, holds: extra.length === 0, seen: extra.map(textOf).join('; ').slice(0, 300) || 'none' });
  return evidence;
}

/** Values of one column stand together: each of them has to be one that was asked for. */
function isAskedFor({ values }: CheckedCondition, used: ReadonlySet<string> | undefined): boolean {
  return used !== undefined && values.every((value) => used.has(value));
}

function textOf(one: WantedCondition): string {
  const name = one.column ?? one.near ?? '';
  return `${name} ${one.comparison.replace('_', ' ')} ${one.values.join(', ')}`.trim().slice(0, 120);
}

interface Told {
  readonly report: CheckedReport;
  readonly told: readonly CheckedCondition[];
  /** The conditions that were asked for, each with those of its values that were. */
  readonly used: Map<CheckedCondition, Set<string>>;
}

function use({ used }: Told, told: CheckedCondition, values: readonly string[]): void {
  used.set(told, new Set([...(used.get(told) ?? []), ...values]));
}

async function fault(db: DuckDBConnection, about: Told, one: WantedCondition): Promise<string | null> {
  const names = about.report.columns.map(({ name }) => name);
  const isWord = one.comparison === 'is' || one.comparison === 'is_not';
  if (isWord && one.column === undefined) return faultOfWords(db, about, one);
  const column = one.column === undefined ? null : resolveName(one.column, names);
  if (one.column !== undefined && column === null) return `no column is called "${one.column}"`;
  const found = about.told.find(
    (told) =>
      (column === null || told.column === column) &&
      [one.comparison, SAME[one.comparison]].includes(told.comparison) &&
      sameValues(one, told),
  );
  if (!found) return 'no such condition is stated';
  use(
    about,
    found,
    isWord ? found.values.filter((held) => one.values.some((value) => alike(value, held))) : found.values,
  );
  const words = partsOf(one.loose ?? '').filter((word) => !partsOf(found.column).some((part) => meet(part, word)));
  return words.length === 0 ? null : faultOfWords(db, about, { comparison: 'is', values: [words.join(' ')] });
}

function sameValues(one: WantedCondition, told: CheckedCondition): boolean {
  const isText = one.comparison === 'is' || one.comparison === 'is_not';
  if (!isText) return one.values.length === told.values.length && one.values.every((v, i) => alike(v, told.values[i]));
  // The conditions of one column stand together, so that more may be told than this one asks for.
  return one.values.every((value) => told.values.some((held) => alike(value, held)));
}

function alike(a: string, b = ''): boolean {
  const plain = (text: string): string => text.replace(/[\s,’'€$£]/g, '');
  const isTrue = (text: string): boolean => /^(true|yes|y|1|t)$/i.test(text);
  if (/^(true|false)$/.test(b)) return isTrue(a) === (b === 'true');
  return meet(a, b) || (plain(a) !== '' && Number(plain(a)) === Number(b));
}

/** Every word is that of a value, whole, which stands in the stated column and in no other. */
async function faultOfWords(db: DuckDBConnection, about: Told, one: WantedCondition): Promise<string | null> {
  const fields = new Fields(about.report.columns);
  for (const value of one.values) {
    const near = about.told.find(({ comparison, values }) => comparison === one.comparison && values.includes(value));
    const isNumber =
      one.near !== undefined && near !== undefined && partsOf(near.column).some((p) => meet(p, one.near ?? ''));
    if (near && isNumber) {
      use(about, near, [value]);
      continue;
    }
    const gap =
      one.comparison === 'is_not'
        ? resolveName(
            value,
            fields.columns.map(({ name }) => name),
          )
        : null;
    const missing = about.told.find(({ comparison, column }) => comparison === 'missing' && column === gap);
    if (missing) {
      use(about, missing, []);
      continue;
    }
    const held = about.told.flatMap((told) =>
      told.comparison === one.comparison ? told.values.map((text) => ({ told, text })) : [],
    );
    const words = partsOf(one.near === undefined ? value : `${one.near} ${value}`);
    const fitting = held.filter(({ text }) => meet(text, value) || isRun(partsOf(text), words));
    const covered = new Set(fitting.flatMap(({ text, told }) => [...partsOf(text), ...partsOf(told.column)]));
    const left = words.filter((word) => ![...covered].some((part) => meet(part, word)));
    const open = await firstMeant(db, fields, { words: left, isGiven: one.comparison === 'is' });
    if (open !== undefined || (fitting.length === 0 && left.length === 0))
      return `"${open ?? value}" is no value that is stated`;
    for (const { told, text } of fitting) {
      const other = await otherHolder(db, fields, { column: told.column, text });
      if (other !== null) return `"${text}" stands in "${other}" as well`;
      use(about, told, [text]);
    }
  }
  return null;
}

/** The first word that means a value: any word but those that lead on or stand for rows and that no column holds. */
async function firstMeant(
  db: DuckDBConnection,
  fields: Fields,
  { words, isGiven }: { readonly words: readonly string[]; readonly isGiven: boolean },
): Promise<string | undefined> {
  for (const word of words) {
    const isIdle =
      isGiven &&
      isIdleWord(word) &&
      resolveName(
        word,
        fields.columns.map(({ name }) => name),
      ) === null;
    if (!isIdle || (await otherHolder(db, fields, { column: '', text: word })) !== null) return word;
  }
  return undefined;
}

function isRun(parts: readonly string[], words: readonly string[]): boolean {
  return words.some((_, at) => parts.length > 0 && parts.every((part, index) => meet(part, words[at + index] ?? '')));
}

async function otherHolder(
  db: DuckDBConnection,
  fields: Fields,
  { column, text }: { readonly column: string; readonly text: string },
): Promise<string | null> {
  for (const other of fields.columns) {
    if (other.type !== 'text' || other.name === column) continue;
    const reader = await db.runAndReadAll(
      `SELECT 1 FROM val WHERE lower(trim(${fields.field(other.name)})) = lower(trim(${sqlText(text)})) LIMIT 1`,
    );
    if (reader.getRowsJS().length > 0) return other.name;
  }
  return null;
}
