import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DatabaseUnavailableError } from '../errors';
import type { DatabaseLog } from '../log';

/** Not there yet: refused, unknown host, reset, or a server that says it is starting up or shutting down. */
const NOT_YET = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  '57P03',
  '57P01',
  '53300',
]);

/** Where a URL leads, without its password; for messages. */
export function addressOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${pathname}`;
}

/**
 * Opens one connection of its own (not from a pool), waiting for a server that is still coming up.
 *
 * @throws {DatabaseUnavailableError} after `patienceMs`, or at once for what waiting does not mend (password, database)
 */
export async function connectPatiently(url: string, patienceMs: number, log: DatabaseLog): Promise<Client> {
  const giveUpAt = performance.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      application_name: 'goalkeeper-start',
    });
    client.on('error', (error) => log.warn('database.connection_lost', { problem: error.message }));
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const problem = problemOf(error);
      if (!problem.waiting || performance.now() > giveUpAt) {
        throw new DatabaseUnavailableError(
          `PostgreSQL at ${addressOf(url)} cannot be used: ${problem.message}`,
          { address: addressOf(url), attempts: attempt },
          problem.waiting
            ? 'Start PostgreSQL, or set DATABASE_URL to a server that runs.'
            : 'Check the user, the password and the database name in DATABASE_URL.',
        );
      }
      if (attempt === 1) log.info('database.waiting', { address: addressOf(url), problem: problem.message });
      await sleep(250);
    }
  }
}

function problemOf(error: unknown): { message: string; waiting: boolean } {
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { code, message } = inner as { code?: string; message?: string };
  const told = message || code || String(inner);
  return { message: told, waiting: NOT_YET.has(code ?? '') || /timeout|terminated unexpectedly/i.test(told) };
}
