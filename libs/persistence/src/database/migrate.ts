import { DataSource } from 'typeorm';
import { DatabaseUnavailableError } from '../errors';
import type { DatabaseLog } from '../log';
import { QuietLogger } from './quiet-logger';
import { MIGRATIONS } from '../migrations';
import { prepareAppRole } from './roles';
import { addressOf, connectPatiently } from './wait';

/** Any number; the same in every process that migrates a Goalkeeper database. */
const MIGRATION_LOCK = 7_103_245_119;

export interface MigrateOptions {
  readonly ownerUrl: string;
  readonly loginUrl: string;
  readonly log: DatabaseLog;
  readonly patienceMs: number;
}

/**
 * Brings the tables up to date. One process at a time: others wait at the lock and then find nothing to do.
 *
 * @throws {DatabaseUnavailableError} when a migration fails; what it began is undone
 */
export async function migrate({ ownerUrl, loginUrl, log, patienceMs }: MigrateOptions): Promise<void> {
  const owner = await connectPatiently(ownerUrl, patienceMs, log);
  try {
    await owner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations(ownerUrl, log);
    await prepareAppRole(owner, decodeURIComponent(new URL(loginUrl).username), log);
  } finally {
    await owner.end(); // gives the lock back
  }
}

async function runMigrations(url: string, log: DatabaseLog): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    applicationName: 'goalkeeper-migrations',
    poolSize: 1,
    migrations: MIGRATIONS,
    migrationsTableName: 'goalkeeper_migration',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    logger: new QuietLogger(log),
  });
  await source.initialize();
  try {
    const done = await source.runMigrations();
    if (done.length > 0) log.info('database.migrated', { migrations: done.map(({ name }) => name) });
  } catch (error) {
    throw new DatabaseUnavailableError(
      `A migration of ${addressOf(url)} failed: ${(error as Error).message}`,
      { address: addressOf(url) },
      'The database is as it was before that migration. Correct the cause and start again.',
    );
  } finally {
    await source.destroy();
  }
}
