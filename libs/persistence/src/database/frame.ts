import type { Pool, PoolClient, QueryResult } from 'pg';
import { type FunctionCall, toText } from './functions';

/** What work inside a frame may do with the transaction. */
export interface FrameTx {
  query(sql: string, parameters?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Takes back what was written since the opening. */
  undo(): Promise<void>;
}

/** What work inside a frame came to; without `closing` nothing of the transaction is kept. */
export interface Framed<T> {
  readonly result: T;
  readonly closing: FunctionCall | null;
}

/**
 * One transaction that begins with a function and ends with one. Both travel with BEGIN and COMMIT: two round trips beyond
 * those of `work`.
 */
export async function inFrame<Answer, T>(
  pool: Pool,
  opening: FunctionCall,
  work: (answer: Answer, tx: FrameTx) => Promise<Framed<T>>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const answer = await open<Answer>(client, opening);
    const { result, closing } = await work(answer, frameTx(client));
    // COMMIT is reached only when the closing worked: an error ends the message.
    await client.query(closing ? `${toText(closing)}; COMMIT` : 'ROLLBACK');
    return result;
  } catch (error) {
    broken = await rollback(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

async function open<Answer>(client: PoolClient, opening: FunctionCall): Promise<Answer> {
  const results = (await client.query(`BEGIN; ${toText(opening)}; SAVEPOINT opened`)) as unknown as QueryResult<{
    answer: Answer;
  }>[];
  return results[1]?.rows[0]?.answer as Answer;
}

function frameTx(client: PoolClient): FrameTx {
  return {
    query: async (sql, parameters) => (await client.query<Record<string, unknown>>(sql, parameters)).rows,
    undo: async () => void (await client.query('ROLLBACK TO SAVEPOINT opened')),
  };
}

/** Ends a failed transaction; a connection that cannot even do that is closed, and PostgreSQL ends it by itself. */
async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
