import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of one test file, on the server that `GK_TEST_DATABASE_URL` names. */
export interface TestDatabase {
  /** Superuser URL of the new database. */
  readonly url: string;
  readonly name: string;
  /** The same database for another login. */
  urlFor(user: string, password: string): string;
  /** Runs a statement as the superuser, whom no row-level security binds: for looking and for tampering. */
  query<Row extends object = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Ends all its connections and removes it. */
  drop(): Promise<void>;
}

/**
 * Makes an empty database with a name of its own.
 *
 * @throws {Error} when GK_TEST_DATABASE_URL is not set: the test needs a real PostgreSQL and says so
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const base = process.env.GK_TEST_DATABASE_URL;
  if (!base) {
    throw new Error(
      'GK_TEST_DATABASE_URL is not set. This test needs a real PostgreSQL and a login that may create databases ' +
        '(postgres://user:password@host:port/postgres). `npm test` starts one by itself.',
    );
  }
  const name = `gk_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  await asAdmin(base, (admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`));
  const url = withPath(base, name);
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // some tests kill the server's connections on purpose
  await client.connect();
  return {
    url,
    name,
    urlFor: (user, password) => Object.assign(new URL(url), { username: user, password }).toString(),
    query: async <Row extends object>(sql: string, parameters?: unknown[]) => {
      const result = await client.query<Row>(sql, parameters);
      return result.rows;
    },
    drop: async () => {
      await client.end();
      await asAdmin(base, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

function withPath(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).toString();
}

async function asAdmin(url: string, work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
