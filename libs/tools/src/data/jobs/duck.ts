import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export type Row = Readonly<Record<string, unknown>>;
/** What a `?` of a statement stands for. */
export type BoundValue = string | number | boolean;

/** One DuckDB on a database file in the scratch folder: what does not fit its memory goes to disk. Its errors do not name that folder. */
export interface Duck {
  run(sql: string, values?: readonly BoundValue[]): Promise<void>;
  /** Numbers, texts, booleans and nulls; whole numbers of 64 bits come as numbers too. */
  rows(sql: string, values?: readonly BoundValue[]): Promise<Row[]>;
  /** The first row; throws when there is none. */
  row(sql: string): Promise<Row>;
  close(): void;
}

const MEMORY = '512MB';
const THREADS = 2;

/** @param scratch an existing folder that the database may fill */
export async function openDuck(scratch: string): Promise<Duck> {
  const instance = await DuckDBInstance.create(join(scratch, 'work.duckdb'), {
    memory_limit: MEMORY,
    threads: String(THREADS),
    temp_directory: join(scratch, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  const hiding = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      if (error instanceof Error) error.message = error.message.replaceAll(`${scratch}/`, '');
      throw error;
    });
  const rows = (sql: string, values?: readonly BoundValue[]): Promise<Row[]> =>
    hiding(readRows(connection, sql, values));
  return {
    run: async (sql, values) => void (await hiding(connection.run(sql, values ? [...values] : undefined))),
    rows,
    async row(sql) {
      const [first] = await rows(sql);
      if (!first) throw new Error(`a query gave no row: ${sql.slice(0, 200)}`);
      return first;
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function readRows(connection: DuckDBConnection, sql: string, values?: readonly BoundValue[]): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql, values ? [...values] : undefined);
  return reader.getRowObjectsJS().map((row) => {
    const plain: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(row)) plain[name] = typeof value === 'bigint' ? Number(value) : value;
    return plain;
  });
}

/** A name as SQL reads it, whatever stands in it. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL reads it, whatever stands in it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A number from a result row; null for NULL, NaN and infinities. */
export function numberOrNull(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A whole count from a result row. */
export function count(value: unknown): number {
  return numberOrNull(value) ?? 0;
}

/** A text from a result row; null for NULL. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
