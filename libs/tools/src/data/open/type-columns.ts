import { count, type Duck, ident, literal, textOrNull } from '../jobs/duck';
import type { ColumnReading } from '../model';
import { DATE_FORMATS, MISSING_TOKENS } from './date-formats';
import { dateFormats, type FormatCount } from './type-dates';

export interface TypedColumn {
  readonly reading: ColumnReading;
  /** SQL over `raw` that gives the typed value. */
  readonly expression: string;
}

const BATCH = 25;
const INTEGER = '[+-]?\\d{1,15}';
const LONG_INTEGER = '[+-]?\\d{16,}';
const NUMBER = '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?';
const LEADING_ZERO = '[+-]?0\\d+';
const ISO_DATE = '\\d{4}-\\d{2}-\\d{2}';
const ISO_TIME = '\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}(:?\\d{2})?)?';
const TOKENS = MISSING_TOKENS.map(literal).join(', ');

interface Census {
  readonly present: number;
  readonly tokens: number;
  readonly integers: number;
  readonly numbers: number;
  /** `007` and card numbers: digits, but names rather than amounts. */
  readonly codes: number;
  readonly booleans: number;
  readonly dates: number;
  readonly times: number;
}

/** Rows looked at first: what they rule out need not be asked of the whole column. */
const SAMPLE = 2000;

interface Suspicion {
  readonly numbers: boolean;
  readonly booleans: boolean;
  readonly dates: boolean;
}

/**
 * Decides for each text column of `raw` what its values are, looking at every one of them: a column is a number (date,
 * boolean) only when all its values are, apart from texts that stand for "nothing". So one value of the first rows that is none is
 * enough to spare the column the test.
 */
export async function typeColumns(duck: Duck, names: readonly string[]): Promise<Map<string, TypedColumn>> {
  const typed = new Map<string, TypedColumn>();
  for (let from = 0; from < names.length; from += BATCH) {
    const batch = names.slice(from, from + BATCH);
    const fields = batch.map((name, index) => `trim(${ident(name)}) AS s${index}`);
    const sample = await duck.rows(`SELECT ${fields.join(', ')} FROM raw LIMIT ${SAMPLE}`);
    const suspicions = batch.map((_, index) => suspect(sample.map((row) => textOrNull(row[`s${index}`]))));
    const tests = batch.map((name, index) => censusSql(name, index, suspicions[index] ?? ALL));
    const row = await duck.row(`SELECT ${tests.join(', ')} FROM raw`);
    for (const [index, name] of batch.entries()) typed.set(name, await decide(duck, name, readCensus(row, index)));
  }
  return typed;
}

const ALL: Suspicion = { numbers: true, booleans: true, dates: true };

/** What a column can still be after its first values. */
function suspect(texts: readonly (string | null)[]): Suspicion {
  const values = texts.filter((text): text is string => text !== null && !MISSING_TOKENS.includes(text.toLowerCase()));
  const all = (...patterns: string[]): boolean => {
    const shape = new RegExp(`^(?:${patterns.join('|')})$`);
    return values.every((value) => shape.test(value));
  };
  return {
    numbers: all(NUMBER),
    booleans: all('[Tt][Rr][Uu][Ee]', '[Ff][Aa][Ll][Ss][Ee]'),
    dates: all(ISO_DATE, ISO_TIME),
  };
}

function censusSql(name: string, index: number, suspicion: Suspicion): string {
  const text = `trim(${ident(name)})`;
  const where = (condition: string, label: string): string =>
    `count(*) FILTER (WHERE ${condition}) AS ${label}${index}`;
  const full = (pattern: string): string => `regexp_full_match(${text}, ${literal(pattern)})`;
  const tests = [`count(${ident(name)}) AS present${index}`, where(`lower(${text}) IN (${TOKENS})`, 'tokens')];
  if (suspicion.numbers) {
    tests.push(
      where(full(INTEGER), 'integers'),
      where(`${full(NUMBER)} AND isfinite(TRY_CAST(${text} AS DOUBLE))`, 'numbers'),
      where(`${full(LEADING_ZERO)} OR ${full(LONG_INTEGER)}`, 'codes'),
    );
  }
  if (suspicion.booleans) tests.push(where(`lower(${text}) IN ('true', 'false')`, 'booleans'));
  if (suspicion.dates) {
    tests.push(
      where(`${full(ISO_DATE)} AND TRY_CAST(${text} AS DATE) IS NOT NULL`, 'dates'),
      where(`${full(ISO_TIME)} AND TRY_CAST(${text} AS TIMESTAMPTZ) IS NOT NULL`, 'times'),
    );
  }
  return tests.join(', ');
}

function readCensus(row: Readonly<Record<string, unknown>>, index: number): Census {
  const at = (label: string): number => count(row[`${label}${index}`]);
  return {
    present: at('present'),
    tokens: at('tokens'),
    integers: at('integers'),
    numbers: at('numbers'),
    codes: at('codes'),
    booleans: at('booleans'),
    dates: at('dates'),
    times: at('times'),
  };
}

async function decide(duck: Duck, name: string, census: Census): Promise<TypedColumn> {
  const values = census.present - census.tokens;
  const text = `trim(${ident(name)})`;
  if (values === 0) return asText(name);
  if (census.codes === 0) {
    if (census.integers === values)
      return await asValue(duck, name, census, { type: 'integer', sql: `TRY_CAST(${text} AS BIGINT)` });
    if (census.numbers === values)
      return await asValue(duck, name, census, { type: 'number', sql: `TRY_CAST(${text} AS DOUBLE)` });
  }
  if (census.booleans === values) {
    return await asValue(duck, name, census, { type: 'boolean', sql: `lower(${text}) = 'true'` });
  }
  if (census.dates === values)
    return await asValue(duck, name, census, { type: 'date', sql: `TRY_CAST(${text} AS DATE)` });
  if (census.dates + census.times === values) {
    return await asValue(duck, name, census, { type: 'timestamp', sql: `TRY_CAST(${text} AS TIMESTAMPTZ)::TIMESTAMP` });
  }
  const formats = await dateFormats(duck, name, { values, iso: census.dates, tokens: TOKENS });
  return formats ? asDates(duck, name, census, formats) : asText(name);
}

function asText(name: string): TypedColumn {
  return {
    reading: { name, type: 'text', from: 'text', formats: [], missingTokens: [] },
    expression: ident(name),
  };
}

interface Cast {
  readonly type: ColumnReading['type'];
  readonly sql: string;
  readonly formats?: readonly FormatCount[];
}

async function asValue(duck: Duck, name: string, census: Census, cast: Cast): Promise<TypedColumn> {
  const text = `trim(${ident(name)})`;
  const isToken = `lower(${text}) IN (${TOKENS})`;
  const tokens =
    census.tokens === 0
      ? []
      : await duck.rows(
          `SELECT ${ident(name)} AS token, count(*) AS n FROM raw WHERE ${isToken} GROUP BY 1 ORDER BY 2 DESC, 1`,
        );
  const missingTokens = tokens.map((row) => ({ token: textOrNull(row.token) ?? '', count: count(row.n) }));
  return {
    reading: { name, type: cast.type, from: 'text', formats: cast.formats ?? [], missingTokens },
    expression: tokens.length === 0 ? cast.sql : `CASE WHEN ${isToken} THEN NULL ELSE ${cast.sql} END`,
  };
}

async function asDates(
  duck: Duck,
  name: string,
  census: Census,
  formats: readonly FormatCount[],
): Promise<TypedColumn> {
  const text = `trim(${ident(name)})`;
  const hasTime = formats.some(({ format }) => DATE_FORMATS.find((known) => known.format === format)?.hasTime);
  const type = hasTime ? 'timestamp' : 'date';
  const tries = formats.map(({ format }) => readAs(text, format));
  return asValue(duck, name, census, { type, sql: `coalesce(${tries.join(', ')})::${type.toUpperCase()}`, formats });
}

/** SQL that reads a text as a date of one format, NULL when it is not of that very shape. */
export function readAs(text: string, format: string): string {
  const pattern = format === '%Y-%m-%d' ? ISO_DATE : DATE_FORMATS.find((known) => known.format === format)?.pattern;
  if (pattern === undefined) throw new Error(`unknown date format ${format}`);
  return `CASE WHEN regexp_full_match(${text}, ${literal(pattern)}) THEN try_strptime(${text}, ${literal(format)}) END`;
}
