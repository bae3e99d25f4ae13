import type { DuckDBConnection } from '@duckdb/node-api';
import type { Evidence } from '@goalkeeper/domain';
import type { CheckedColumn } from './report-model';
import { isNothing } from './typed-values';

const SPACE = `' ' || chr(9) || chr(10) || chr(12) || chr(13)`;
const NOTHING = ['na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '-', '--', '?']
  .map((token) => `'${token}'`)
  .join(', ');

/** SQL of a text as cleaning must leave it: without space around it, and nothing where it stands for nothing. */
export function tidyText(field: string): string {
  const bare = `nullif(trim(${field}, ${SPACE}), '')`;
  return `if(lower(${bare}) IN (${NOTHING}), NULL, ${bare})`;
}

/** Cells of `src` with a mark for "no value" (N/A, -, ?) in columns of numbers, dates and truth values. */
export async function marksIn(db: DuckDBConnection, columns: readonly CheckedColumn[]): Promise<number> {
  const marked = columns.flatMap((column, index) => {
    const isMarked = column.from === 'text' && column.type !== 'text' && column.missingTokens.length > 0;
    return isMarked ? [`count(CASE WHEN trim(v${index}) <> '' AND ${isNothing(column, `v${index}`)} THEN 1 END)`] : [];
  });
  return marked.length === 0 ? 0 : number(db, `SELECT ${marked.join(' + ')} FROM src`);
}

/** Whether as many cells are told to have been tidied as there are: marks for nothing, and texts of `left` that had to change. */
export async function countTidied(
  db: DuckDBConnection,
  told: {
    readonly columns: { readonly left: readonly { readonly name: string; readonly type: string }[] };
    readonly cells?: unknown;
  },
  marks: number,
): Promise<Evidence> {
  const changed = told.columns.left
    .filter(({ type }) => type === 'text')
    .map(({ name }) => `"${name.split('"').join('""')}"`)
    .map((field) => `count(CASE WHEN coalesce(${field}, '') <> coalesce(${tidyText(field)}, '') THEN 1 END)`);
  const texts = changed.length === 0 ? 0 : await number(db, `SELECT ${changed.join(' + ')} FROM "left"`);
  const there = marks + texts;
  const check = 'as many cells are told to have been tidied as there are';
  return { check, holds: told.cells === there, seen: `${String(told.cells)} told, ${there} there` };
}

async function number(db: DuckDBConnection, sql: string): Promise<number> {
  const reader = await db.runAndReadAll(sql);
  return Number(reader.getRowsJS()[0]?.[0] ?? Number.NaN);
}
