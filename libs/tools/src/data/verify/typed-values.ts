import type { DuckDBConnection } from '@duckdb/node-api';
import type { CheckedColumn } from './report-model';

/** Texts that a report may treat as "no value"; a report that lists others hides values. */
const NOTHING = new Set([
  '',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'none',
  'nil',
  '-',
  '--',
  '—',
  '?',
  '.',
  'missing',
  'unknown',
]);

export interface TypedValues {
  /** Columns whose values are not what the report says they are, with the number that is not. */
  readonly misread: readonly { readonly name: string; readonly count: number }[];
  /** Texts that the report counts as missing and must not. */
  readonly hidden: readonly string[];
}

/** Makes the table `val` of typed values from `src`, by the types, formats and tokens that the report states. */
export async function typeValues(db: DuckDBConnection, columns: readonly CheckedColumn[]): Promise<TypedValues> {
  const parts = columns.map((column, index) => `${typed(column, `v${index}`)} AS v${index}`);
  await db.run(`CREATE TABLE val AS SELECT ${parts.join(', ')} FROM src`);
  const misread: { name: string; count: number }[] = [];
  for (const [index, column] of columns.entries()) {
    if (column.from === 'native' || column.type === 'text') continue;
    const lost = `v${index} IS NOT NULL AND NOT (${isNothing(column, `v${index}`)})`;
    const [raw, read] = await Promise.all([
      one(db, `SELECT count(*) FROM src WHERE ${lost}`),
      one(db, `SELECT count(v${index}) FROM val`),
    ]);
    if (raw !== read) misread.push({ name: column.name, count: Math.abs(raw - read) });
  }
  const hidden = columns.flatMap(({ missingTokens }) =>
    missingTokens.filter((token) => !NOTHING.has(token.trim().toLowerCase())),
  );
  return { misread, hidden };
}

/** SQL that says whether a text of the source stands for "no value" in this column. */
export function isNothing(column: CheckedColumn, field: string): string {
  const tokens = column.missingTokens.map((token) => `'${token.trim().toLowerCase().split("'").join("''")}'`);
  return tokens.length === 0 ? 'false' : `trim(lower(${field})) IN (${tokens.join(', ')})`;
}

function typed(column: CheckedColumn, field: string): string {
  const bare = column.from === 'native' ? field : `nullif(trim(${field}), '')`;
  const kept = column.missingTokens.length === 0 ? bare : `if(${isNothing(column, field)}, NULL, ${bare})`;
  switch (column.type) {
    case 'integer':
    case 'number':
      return column.from === 'native'
        ? `(SELECT d FROM (SELECT TRY_CAST(${field} AS DOUBLE) AS d) WHERE NOT isnan(d) AND NOT isinf(d))`
        : `TRY_CAST(${kept} AS DOUBLE)`;
    case 'boolean':
      return `TRY_CAST(${kept} AS BOOLEAN)`;
    case 'date':
      return column.formats.length > 0 ? `${parsedDate(column.formats, kept)}::DATE` : `TRY_CAST(${kept} AS DATE)`;
    case 'timestamp':
      return column.formats.length > 0 ? parsedDate(column.formats, kept) : timestamp(column, kept);
    case 'text':
      return column.from === 'native' ? `${field}::VARCHAR` : field;
  }
}

function timestamp(column: CheckedColumn, kept: string): string {
  return column.from === 'native' ? `${kept}::TIMESTAMP` : `timezone('UTC', TRY_CAST(${kept} AS TIMESTAMPTZ))`;
}

/** The first format that fits, where a year of four digits asks for four digits and one of two for no more. */
export function firstFormat(formats: readonly string[], field: string): string {
  return `CASE ${formats.map((format, index) => `WHEN ${fits(format, field)} THEN ${index}`).join(' ')} END`;
}

function parsedDate(formats: readonly string[], field: string): string {
  return `CASE ${formats.map((format) => `WHEN ${fits(format, field)} THEN try_strptime(${field}, '${format.split("'").join("''")}')`).join(' ')} END`;
}

function fits(format: string, field: string): string {
  const hasLongYear = `regexp_matches(${field}, '(^|[^0-9])[0-9]{4}([^0-9]|$)')`;
  const year = format.includes('%Y') ? hasLongYear : `NOT ${hasLongYear}`;
  return `(${year} AND try_strptime(${field}, '${format.split("'").join("''")}') IS NOT NULL)`;
}

async function one(db: DuckDBConnection, sql: string): Promise<number> {
  const reader = await db.runAndReadAll(sql);
  return Number(reader.getRowsJS()[0]?.[0] ?? Number.NaN);
}
