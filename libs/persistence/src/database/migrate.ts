import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import { DatabaseUnavailableError } from '../errors';
import type { DatabaseLog } from '../log';
import { QuietLogger } from './quiet-logger';
import { MIGRATIONS } from '../migrations';
import { APP_ROLE, MIGRATIONS_TABLE, canAssumeAppRole, prepareAppRole } from './roles';
import { addressOf, connectPatiently } from './wait';

/** Unique indexes that take nulls as equal came with 15. */
const OLDEST_SERVER = 150_000;

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
    await checkVersion(owner, ownerUrl);
    await owner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations(ownerUrl, log);
    await owner.query(
      `SELECT ensure_goal_partitions(now()::date), ensure_goal_partitions((now() + interval '1 month')::date)`,
    );
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
    migrationsTableName: MIGRATIONS_TABLE,
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

async function checkVersion(client: Client, url: string): Promise<void> {
  const { rows } = await client.query<{ number: string; name: string }>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name`,
  );
  if (Number(rows[0]?.number) >= OLDEST_SERVER) return;
  throw new DatabaseUnavailableError(
    `PostgreSQL at ${addressOf(url)} is version ${rows[0]?.name}; 15 or newer is needed`,
    { address: addressOf(url), version: rows[0]?.name ?? '' },
    'Point DATABASE_URL to a newer server, or leave it out to use the one that comes with Goalkeeper.',
  );
}

/**
 * For a process that does not migrate: waits until another one has, its grants included.
 *
 * @throws {DatabaseUnavailableError} when the tables are still missing or old after `patienceMs`
 */
export async function waitForMigrations(client: Client, options: MigrateOptions): Promise<void> {
  const giveUpAt = performance.now() + options.patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    const missing = await missingMigrations(client);
    if (missing.length === 0) break;
    if (performance.now() > giveUpAt) {
      const address = addressOf(options.loginUrl);
      throw new DatabaseUnavailableError(
        `The tables of ${address} are not up to date: ${missing.join(', ')} did not run`,
        { address, missing },
        'Start a process that migrates (the API does) and see why it could not.',
      );
    }
    if (attempt === 1) options.log.info('database.waiting_for_migrations', { missing });
    await sleep(250);
  }
  await client.query('SELECT pg_advisory_lock_shared($1), pg_advisory_unlock_shared($1)', [MIGRATION_LOCK]);
}

/** Names of the migrations that this login cannot see as done. */
async function missingMigrations(client: Client): Promise<string[]> {
  const names = MIGRATIONS.map(({ name }) => name);
  const role = (await canAssumeAppRole(client)) ? APP_ROLE : 'NONE';
  const { rows } = await client.query<{ may: boolean | null }>(
    `SELECT has_table_privilege(coalesce(nullif($2, 'NONE'), session_user), to_regclass($1), 'SELECT') AS may`,
    [MIGRATIONS_TABLE, role],
  );
  if (rows[0]?.may !== true) return names; // not there yet, or not granted yet
  await client.query(`SET ROLE ${role}`);
  const found = await client.query<{ name: string }>(`SELECT name FROM ${MIGRATIONS_TABLE}`);
  await client.query('RESET ROLE');
  const done = new Set(found.rows.map(({ name }) => name));
  return names.filter((name) => !done.has(name));
}
