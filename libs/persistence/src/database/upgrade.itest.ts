import { randomBytes, randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../migrations';
import { openDatabase } from './database';

/** The last migration of the release before: installations that hold data stand there. */
const RELEASED = 'StorePlanInOneGo1763870410100';
const log = { info: () => undefined, warn: () => undefined };

/** The owner of the tables need not be a superuser; row-level security then binds migrations too. */
describe('an installation of the release before', () => {
  const tenant = randomUUID();
  const owner = `keeper_${randomBytes(4).toString('hex')}`;
  let server: TestDatabase;
  let url: string;

  const migrated = async <T>(upTo: string | undefined, work: (source: DataSource) => Promise<T>): Promise<T> => {
    const migrations = MIGRATIONS.slice(0, MIGRATIONS.findIndex(({ name }) => name === upTo) + 1);
    const source = new DataSource({ type: 'postgres', url, migrations, migrationsTableName: 'goalkeeper_migration' });
    await source.initialize();
    try {
      return await work(source);
    } finally {
      await source.destroy();
    }
  };

  beforeAll(async () => {
    server = await createTestDatabase();
    await server.query(`CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'secret'`);
    await server.query(`ALTER DATABASE ${server.name} OWNER TO ${owner}`);
    await server.query(`ALTER SCHEMA public OWNER TO ${owner}`);
    url = server.urlFor(owner, 'secret');
    await migrated(RELEASED, (source) => source.runMigrations());
    await server.query(`INSERT INTO tenant (tenant_id, name) VALUES ($1, 'before')`, [tenant]);
    await server.query(
      `INSERT INTO tool_stat (tenant_id, tool, successes, failures, duration_ms) VALUES ($1, 'used', 3, 1, 4000), ($1, 'new', 0, 0, 0)`,
      [tenant],
    );
    await server.query(
      `INSERT INTO episode (id, tenant_id, goal_id, objective, task_name, task, outcome, methods)
       VALUES (gen_random_uuid(), $1, gen_random_uuid(), 'analyse quokkas', 'data.report', '{}', 'verified', '{}')`,
      [tenant],
    );
    await server.query(`INSERT INTO pack (tenant_id, name, version, body) VALUES ($1, 'data', '1.0.0', '{}')`, [
      tenant,
    ]);
  }, 60_000);

  afterAll(async () => {
    await server.query(`REASSIGN OWNED BY ${owner} TO CURRENT_USER`);
    await server.query(`DROP OWNED BY ${owner}`);
    await server.query(`DROP ROLE ${owner}`);
    await server.drop();
  });

  it('keeps what it knows of tools and goals, in the shape of this one', async () => {
    const database = await openDatabase({ url, applicationName: 'test', poolSize: 2, migrate: true, log });
    await database.close();
    const tools = await server.query<{ log_ms: number }>(
      'SELECT tool, context, successes, failures, log_ms, squared_log_ms FROM tool_stat ORDER BY tool',
    );
    expect(tools).toMatchObject([
      { tool: 'new', context: '', successes: 0, log_ms: 0 },
      { tool: 'used', context: '', successes: 3, failures: 1, log_ms: expect.closeTo(4 * Math.log(1_000), 6) },
    ]);
    expect(await server.query('SELECT stem FROM episode_word ORDER BY stem')).toEqual([
      { stem: 'analys' },
      { stem: 'quokka' },
    ]);
    expect(await server.query('SELECT digest, source FROM pack')).toEqual([{ digest: '', source: 'worker' }]);
  });

  it('can go back, with what was learned by contexts left out', async () => {
    await server.query(
      `INSERT INTO tool_stat (tenant_id, tool, context, successes) VALUES ($1, 'used', 'url=https:', 2)`,
      [tenant],
    );
    const last = MIGRATIONS.at(-1)?.name;
    await migrated(last, async (source) => {
      for (const { name } of MIGRATIONS.toReversed()) {
        if (name === RELEASED) return;
        await source.undoLastMigration();
      }
    });
    expect(await server.query('SELECT tool, successes::integer FROM tool_stat ORDER BY tool')).toEqual([
      { tool: 'new', successes: 0 },
      { tool: 'used', successes: 3 },
    ]);
  });
});
