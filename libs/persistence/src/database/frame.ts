import { DatabaseError, type Pool, type PoolClient, type QueryResult } from 'pg';
import { type FunctionCall, toStatement, toText } from './functions';

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

/** One function as one statement, and so as one transaction. */
export async function inStatement<Answer>(pool: Pool, call: FunctionCall): Promise<Answer> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{ answer: Answer }>(toStatement(call));
    return rows[0]?.answer as Answer;
  } catch (error) {
    broken = isRefusal(error) ? undefined : asError(error);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** An error of the statement alone: the connection, with all that it has planned, is as good as before. */
function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && error.severity === 'ERROR';
}

/** How a frame begins, and how long each of its statements may take at most, lock waits included. */
export interface Opening {
  readonly call: FunctionCall;
  readonly statementMs: number;
}

/**
 * One transaction that begins with a function and ends with one. Both travel with BEGIN and COMMIT: two round trips beyond
 * those of `work`. PostgreSQL itself cuts off a statement that takes too long: statements of a connection wait for each other, so
 * that a stuck one would keep the frame open, with its locks and its connection, long after `work` has given it up.
 */
export async function inFrame<Answer, T>(
  pool: Pool,
  opening: Opening,
  work: (answer: Answer, tx: FrameTx) => Promise<Framed<T>>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  let isOver = false;
  try {
    const answer = await open<Answer>(client, opening);
    const { result, closing } = await work(
      answer,
      frameTx(client, () => isOver),
    ).finally(() => (isOver = true));
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

async function open<Answer>(client: PoolClient, { call, statementMs }: Opening): Promise<Answer> {
  const limit = `SET LOCAL statement_timeout = ${Math.ceil(statementMs)}`;
  const results = (await client.query(`BEGIN; ${limit}; ${toText(call)}; SAVEPOINT opened`)) as unknown as QueryResult<{
    answer: Answer;
  }>[];
  return results[2]?.rows[0]?.answer as Answer;
}

/** The transaction until its work is over: afterwards the connection is another's, perhaps another tenant's. */
function frameTx(client: PoolClient, isOver: () => boolean): FrameTx {
  const query: FrameTx['query'] = async (sql, parameters) => {
    if (isOver()) throw new Error('The transaction is over; it takes no further statement');
    return (await client.query<Record<string, unknown>>(sql, parameters)).rows;
  };
  return { query, undo: async () => void (await query('ROLLBACK TO SAVEPOINT opened')) };
}

/** Ends a failed transaction; a connection that cannot even do that is closed, and PostgreSQL ends it by itself. */
async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
