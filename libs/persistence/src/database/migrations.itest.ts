import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { MIGRATIONS } from '../migrations';
import { openDatabase } from './database';

const log = { info: () => undefined, warn: () => undefined };
const open = (url: string) => openDatabase({ url, applicationName: 'test', poolSize: 2, migrate: true, log });

describe('migrations', () => {
  let server: TestDatabase;
  beforeEach(async () => (server = await createTestDatabase()));
  afterEach(() => server.drop());

  const applied = async () =>
    (await server.query<{ name: string }>('SELECT name FROM goalkeeper_migration ORDER BY id')).map(({ name }) => name);
  const names = MIGRATIONS.map(({ name }) => name);

  it('fill an empty database, and find nothing to do the second time', async () => {
    await (await open(server.url)).close();
    expect(await applied()).toEqual(names);
    await (await open(server.url)).close();
    expect(await applied()).toEqual(names);
  });

  it('run once when several processes start together', async () => {
    const opened = await Promise.all([open(server.url), open(server.url), open(server.url)]);
    expect(await applied()).toEqual(names);
    expect(await Promise.all(opened.map((database) => database.isHealthy()))).toEqual([true, true, true]);
    await Promise.all(opened.map((database) => database.close()));
  });

  it('leave no table without tenant_id, enabled and forced row-level security and a policy on the tenant', async () => {
    await (await open(server.url)).close();
    const tables = await server.query<{
      name: string;
      tenant: boolean;
      enabled: boolean;
      forced: boolean;
      policy: boolean;
    }>(
      `SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
         EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull) AS tenant,
         EXISTS (SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.qual = '(tenant_id = gk_tenant())'
           AND p.with_check = '(tenant_id = gk_tenant())' AND p.cmd = 'ALL') AS policy
       FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'goalkeeper_migration'`,
    );
    expect(tables.length).toBeGreaterThan(20);
    expect(tables.filter((table) => !(table.tenant && table.enabled && table.forced && table.policy))).toEqual([]);
  });

  it('can be undone to nothing', async () => {
    await (await open(server.url)).close();
    const { DataSource } = await import('typeorm');
    const source = new DataSource({
      type: 'postgres',
      url: server.url,
      migrations: MIGRATIONS,
      migrationsTableName: 'goalkeeper_migration',
    });
    await source.initialize();
    for (let left = MIGRATIONS.length; left > 0; left -= 1) await source.undoLastMigration();
    await source.destroy();
    const left = await server.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    expect(left).toEqual([{ relname: 'goalkeeper_migration' }]);
  });

  it('keep what was counted of methods when those begin to fade', async () => {
    await (await open(server.url)).close();
    const { DataSource } = await import('typeorm');
    const options = { type: 'postgres', url: server.url, migrationsTableName: 'goalkeeper_migration' } as const;
    const source = await new DataSource({ ...options, migrations: MIGRATIONS }).initialize();
    const at = names.indexOf('FadeMethodRecords1763870416000');
    for (let left = MIGRATIONS.length; left > at; left -= 1) await source.undoLastMigration();
    await source.destroy();
    await server.query(`INSERT INTO method_stat (tenant_id, task, method, successes, failures, updated_at)
      VALUES (gen_random_uuid(), 't', 'few', 3, 1, now() - interval '1 day'), (gen_random_uuid(), 't', 'many', 90, 30, now())`);
    await (await open(server.url)).close();
    expect(await applied()).toEqual(names);
    const kept = await server.query(
      `SELECT method, successes, failures, now() - updated_at > interval '23 hours' AS old FROM method_stat ORDER BY method`,
    );
    expect(kept).toEqual([
      { method: 'few', successes: 3, failures: 1, old: true },
      { method: 'many', successes: 22.5, failures: 7.5, old: false },
    ]);
  });

  it('say what is wrong when the tables cannot be made', async () => {
    await server.query('CREATE TABLE goal (something text)');
    await expect(open(server.url)).rejects.toThrow(/migration of .* failed: relation "goal" already exists/);
    expect(await applied()).toEqual(names.slice(0, 1));
  });
});
