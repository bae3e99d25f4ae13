import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../../definition';
import { type Duck, literal, openDuck } from '../jobs/duck';
import type { ColumnReading } from '../model';

export interface Table {
  readonly view: string;
  readonly readings: readonly ColumnReading[];
}

export interface PairJob {
  readonly left: string;
  readonly right: string;
  readonly scratch: string;
  readonly column: string | null;
}

/** Makes a view of a normalised table. */
export async function attach(duck: Duck, path: string, view: string): Promise<Table> {
  await duck.run(`CREATE VIEW ${view} AS SELECT * FROM read_parquet(${literal(path)}, file_row_number = true)`);
  const row = await duck.row(
    `SELECT decode(value) AS readings FROM parquet_kv_metadata(${literal(path)}) WHERE decode(key) = 'goalkeeper'`,
  );
  return { view, readings: JSON.parse(String(row.readings)) as ColumnReading[] };
}

/** Does some work with a database of its own. */
export async function within<T>(scratch: string, work: (duck: Duck) => Promise<T>): Promise<T> {
  const duck = await openDuck(scratch);
  try {
    return await work(duck);
  } finally {
    duck.close();
  }
}

/** A column that both tables have, by the name a person gave. */
export function findColumn(wanted: string, names: readonly string[]): string {
  const found =
    names.find((name) => name === wanted) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  throw new ToolFailure(
    'data.unknown_column',
    `Both tables have no column ${wanted}; they share ${names.slice(0, 10).join(', ')}.`,
  );
}

export async function copyCsv(duck: Duck, select: string, path: string): Promise<void> {
  await duck.run(`COPY (${select}) TO ${literal(path)} (FORMAT csv, HEADER true)`);
}

/** Keeps what is told for the account; columns are left to it alone. */
export async function tell(scratch: string, told: object): Promise<JsonObject> {
  await writeFile(join(scratch, 'told.json'), JSON.stringify(told));
  const { columns: _columns, ...counts } = told as { columns: unknown };
  return counts;
}
