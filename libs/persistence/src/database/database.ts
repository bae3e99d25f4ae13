import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { ENTITIES } from '../entities';
import { isUuid } from '../ids';
import type { DatabaseLog } from '../log';
import { PooledClient } from './client';
import { type Framed, type FrameTx, inFrame, inStatement, type Opening } from './frame';
import type { FunctionCall, Functions } from './functions';
import { migrate, waitForMigrations, type MigrateOptions } from './migrate';
import { QuietLogger } from './quiet-logger';
import { APP_ROLE, canAssumeAppRole, tellRoleNotAssumed } from './roles';
import { inTransaction, repeated } from './transaction';
import { connectPatiently } from './wait';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`, the login of the process. */
  readonly url: string;
  /** The owner of the tables, who runs the migrations; the same as `url` when left out. */
  readonly ownerUrl?: string;
  readonly applicationName: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** Bring the tables up to date first (under a lock: several processes may start at once). */
  readonly migrate: boolean;
  readonly log: DatabaseLog;
  /** How long to wait for a server that is not up yet, milliseconds; 30 s unless told. */
  readonly patienceMs?: number;
  /** When PostgreSQL gives up a statement of the pool, milliseconds; 60 s unless told. Migrations take the time they need. */
  readonly statementTimeoutMs?: number;
}

const HEALTH_PATIENCE_MS = 2_000;

/** The pool, and the only ways to a transaction: bound to one tenant (by statements or by a function), or to none. */
export class Database implements Functions {
  constructor(
    private readonly source: DataSource,
    /** The role that statements run under, or null when the login user could not take it on. */
    readonly role: string | null,
  ) {}

  /**
   * Runs `work` in one transaction that sees and writes the rows of `tenantId` alone. Costs two round trips beyond
   * those of `work`. Repeated (at most three times) after a serialisation failure or a deadlock.
   *
   * @throws {DatabaseUnavailableError} when a statement takes too long, or the connection is lost
   * @throws whatever `work` throws, after rolling back
   */
  async tenant<T>(tenantId: string, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    if (!isUuid(tenantId)) throw new TypeError(`A tenant id is a uuid, not ${JSON.stringify(tenantId)}`);
    return inTransaction(this.source, `BEGIN; SELECT set_config('gk.tenant', '${tenantId}', true)`, work);
  }

  /**
   * Runs `work` in one transaction of no tenant: tables show nothing, only the functions made for it (outbox,
   * unfinished goals, token look-up) see across tenants.
   */
  async system<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return inTransaction(this.source, `BEGIN; SELECT set_config('gk.tenant', '', true)`, work);
  }

  /**
   * Runs one of the database's functions: one statement, one round trip, one transaction that is bound to the tenant. Repeated
   * like {@link tenant}.
   */
  async perform<Answer>(call: FunctionCall): Promise<Answer> {
    return repeated(() => inStatement<Answer>(this.pool, call));
  }

  /** Runs `work` in one transaction between two functions, see {@link inFrame}. Repeated like {@link tenant}. */
  async framed<Answer, T>(opening: Opening, work: (answer: Answer, tx: FrameTx) => Promise<Framed<T>>): Promise<T> {
    return repeated(() => inFrame(this.pool, opening, work));
  }

  /** TypeORM's own pool. */
  private get pool(): Pool {
    return (this.source.driver as unknown as { master: Pool }).master;
  }

  /** Makes the partitions of this and the next month; called at start, and once a day by whoever sweeps. */
  async ensurePartitions(now: Date = new Date()): Promise<void> {
    const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
    await this.system(async (tx) => {
      await tx.query('SELECT ensure_goal_partitions($1::date), ensure_goal_partitions($2::date)', [
        dayOf(now),
        dayOf(next),
      ]);
    });
  }

  /** True when a connection answers within two seconds. */
  async isHealthy(): Promise<boolean> {
    const waiting = new AbortController();
    const answers = this.source.query('SELECT 1').then(
      () => true,
      () => false,
    );
    const tooLate = sleep(HEALTH_PATIENCE_MS, false, { signal: waiting.signal }).catch(() => false);
    return Promise.race([answers, tooLate]).finally(() => waiting.abort());
  }

  /** Waits for running transactions, then closes every connection. */
  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/**
 * Opens the database: waits for the server, migrates where asked, takes on the application role where it may.
 *
 * @throws {DatabaseUnavailableError} when the server does not come up in time, refuses the login, or a migration fails
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, ownerUrl = url, log, patienceMs = 30_000, statementTimeoutMs = 60_000 } = options;
  const assumes = await prepare(options, { ownerUrl, loginUrl: url, log, patienceMs });
  const source = new DataSource({
    type: 'postgres',
    url,
    applicationName: options.applicationName,
    poolSize: options.poolSize,
    connectTimeoutMS: 10_000,
    entities: ENTITIES,
    installExtensions: false,
    logger: new QuietLogger(log),
    poolErrorHandler: (error: Error) => log.warn('database.connection_lost', { problem: error.message }),
    extra: {
      Client: PooledClient,
      keepAlive: true,
      options: `-c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=10min${assumes ? ` -c role=${APP_ROLE}` : ''}`,
    },
  });
  await source.initialize();
  const database = new Database(source, assumes ? APP_ROLE : null);
  await database.ensurePartitions();
  return database;
}

/** Tables up to date, by us or by another process; tells whether the login may take on the application role. */
async function prepare(options: DatabaseOptions, how: MigrateOptions): Promise<boolean> {
  if (options.migrate) await migrate(how);
  const probe = await connectPatiently(options.url, how.patienceMs, options.log);
  try {
    if (!options.migrate) await waitForMigrations(probe, how);
    const assumes = await canAssumeAppRole(probe);
    if (!assumes) await tellRoleNotAssumed(probe, options.log);
    return assumes;
  } finally {
    await probe.end();
  }
}
