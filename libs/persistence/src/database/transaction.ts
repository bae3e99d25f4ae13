import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DataSource,
  type EntityManager,
  type QueryRunner,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { DatabaseUnavailableError } from '../errors';

/** Serialisation failure and deadlock: the transaction did nothing and may simply run again. */
const RETRYABLE = new Set(['40001', '40P01']);
const MAX_RETRIES = 3;
/** A statement that ran into its time limit, or was cancelled by an operator. */
const GIVEN_UP = '57014';

/** The SQLSTATE of a failed query, or null for any other error. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' ? found : null;
}

/**
 * Runs `work` in one transaction. `begin` is sent as one simple query, so that opening and binding the transaction
 * cost a single round trip; the commit is the second. Repeats after a serialisation failure or a deadlock, at most
 * three times: `work` must not act on anything but the database.
 */
export async function inTransaction<T>(
  source: DataSource,
  begin: string,
  work: (tx: EntityManager) => Promise<T>,
): Promise<T> {
  return repeated(() => once(source, begin, work));
}

/**
 * Runs a transaction again that PostgreSQL gave up for the sake of another, at most three times.
 *
 * @throws {DatabaseUnavailableError} when a statement took too long: the server is overloaded, or a lock is held
 */
export async function repeated<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (sqlState(error) === GIVEN_UP) throw tookTooLong(error);
      if (attempt >= MAX_RETRIES || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      await sleep(5 * 2 ** attempt * (1 + Math.random()));
    }
  }
}

function tookTooLong(error: unknown): DatabaseUnavailableError {
  const message = 'PostgreSQL gave up a statement that took too long; nothing of its transaction was stored';
  const problem = error instanceof Error ? error.message : String(error);
  return new DatabaseUnavailableError(
    message,
    { problem },
    'Repeat the request later; if this goes on, look for locks and slow statements in pg_stat_activity.',
  );
}

async function once<T>(source: DataSource, begin: string, work: (tx: EntityManager) => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    await runner.query(begin);
    Object.assign(runner, { isTransactionActive: true }); // TypeORM's own save() must join this transaction, not open one
    const result = await work(runner.manager);
    // The SELECT fails in a transaction that failed before, where COMMIT alone would roll back without an error.
    await runner.query('SELECT 1; COMMIT');
    return result;
  } catch (error) {
    await rollback(runner);
    throw isReleased(error) ? connectionLost(error) : error;
  } finally {
    Object.assign(runner, { isTransactionActive: false });
    await runner.release();
  }
}

/** TypeORM takes a runner away whose connection broke; the next statement then complains about that, not about the loss. */
function isReleased(error: unknown): error is Error {
  return error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;
}

function connectionLost(error: Error): DatabaseUnavailableError {
  const message = 'The connection to PostgreSQL was lost in the middle of a transaction; nothing of it was stored';
  return new DatabaseUnavailableError(
    message,
    { problem: error.message },
    'Repeat the request once PostgreSQL is back.',
  );
}

/** Ends a failed transaction; a connection that cannot even do that is broken, and PostgreSQL ends it by itself. */
async function rollback(runner: QueryRunner): Promise<void> {
  try {
    await runner.query('ROLLBACK');
  } catch {
    // The connection is gone, and its transaction with it; the first error is the one worth telling.
  }
}
