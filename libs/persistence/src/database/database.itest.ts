import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { SHARED_TENANT_ID, TenantRepository } from '../tenants/tenant.repository';
import { OutboxRepository } from '../commands/outbox.repository';
import { TokenRepository } from '../tenants/token.repository';
import { newId } from '../ids';
import { row, rows } from '../sql';
import { openDatabase, type Database } from './database';
import { APP_ROLE } from './roles';

const A = newId();

function recorder() {
  const said: string[] = [];
  return { said, info: (event: string) => void said.push(event), warn: (event: string) => void said.push(event) };
}

describe('the database', () => {
  let server: TestDatabase;
  let database: Database;
  const log = recorder();

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test-app', poolSize: 4, migrate: true, log });
    await database.tenant(A, (tx) => new TenantRepository(tx).add({ id: A, name: 'A' }));
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('works as the application role, never as the login user', async () => {
    const who = await database.system((tx) =>
      row(tx, `SELECT current_user AS role, current_setting('application_name') AS app`),
    );
    expect(who).toEqual({ role: APP_ROLE, app: 'test-app' });
    expect(database.role).toBe(APP_ROLE);
  });

  it('binds each transaction to its tenant and leaves nothing behind on the connection', async () => {
    const one = await openDatabase({ url: server.url, applicationName: 'one', poolSize: 1, migrate: false, log });
    const inside = await one.tenant(A, (tx) => row<{ id: string }>(tx, 'SELECT gk_tenant() AS id'));
    const after = await one.system((tx) => row<{ id: string | null }>(tx, 'SELECT gk_tenant() AS id'));
    await one.close();
    expect([inside?.id, after?.id]).toEqual([A, null]);
  });

  it('refuses a tenant id that is none before it reaches SQL', async () => {
    await expect(database.tenant(`${A}'; DROP TABLE goal; --`, async () => 1)).rejects.toThrow(/tenant id is a uuid/);
  });

  it('undoes everything when the work throws', async () => {
    const id = newId();
    await expect(
      database.tenant(id, async (tx) => {
        await new TenantRepository(tx).add({ id, name: 'undone' });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await server.query('SELECT FROM tenant WHERE tenant_id = $1', [id])).toHaveLength(0);
  });

  it('says that PostgreSQL is away when a transaction loses its connection between two statements', async () => {
    const work = database.system(async (tx) => {
      const { pid } = (await row<{ pid: number }>(tx, 'SELECT pg_backend_pid() AS pid')) ?? { pid: 0 };
      await server.query('SELECT pg_terminate_backend($1)', [pid]);
      await new Promise((resolve) => setTimeout(resolve, 200)); // the pool hears of it and takes the connection away
      return rows(tx, 'SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ code: 'database.unavailable', retryable: true });
    expect(await database.system((tx) => row(tx, 'SELECT 1 AS one'))).toEqual({ one: 1 });
  });

  it('gives up a statement that takes too long, as something that may work later', async () => {
    const hasty = await openDatabase({
      ...{ url: server.url, applicationName: 'hasty', poolSize: 1, migrate: false, log },
      statementTimeoutMs: 200,
    });
    const tooLong = { code: 'database.unavailable', retryable: true, message: expect.stringContaining('too long') };
    await expect(hasty.tenant(A, (tx) => rows(tx, 'SELECT pg_sleep(20)'))).rejects.toMatchObject(tooLong);
    const call = { name: 'gk_step_outputs', tenantId: A, goalId: newId(), input: ['none'] } as const;
    const framed = hasty.framed({ call, statementMs: 200 }, async (_answer, tx) => {
      await tx.query('SELECT pg_sleep(20)');
      return { result: 1, closing: null };
    });
    await expect(framed).rejects.toMatchObject(tooLong);
    expect(await hasty.system((tx) => row(tx, 'SELECT 1 AS one'))).toEqual({ one: 1 });
    await hasty.close();
  });

  it('limits statements to a minute unless told', async () => {
    expect(await database.system((tx) => row(tx, 'SHOW statement_timeout'))).toEqual({ statement_timeout: '1min' });
  });

  it('gives migrations the time they need', async () => {
    await server.query('SELECT pg_advisory_lock(7103245119)');
    const opening = openDatabase({
      ...{ url: server.url, applicationName: 'patient', poolSize: 1, migrate: true, log },
      statementTimeoutMs: 200,
    });
    await new Promise((resolve) => setTimeout(resolve, 600)); // longer than a statement may take
    await server.query('SELECT pg_advisory_unlock(7103245119)');
    await (await opening).close();
  });

  it('repeats a transaction that lost a deadlock, until both are done', async () => {
    await database.tenant(A, (tx) =>
      rows(tx, `INSERT INTO tool_stat (tenant_id, tool) VALUES ($1, 'left'), ($1, 'right')`, [A]),
    );
    let runs = 0;
    let arrived: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((resolve) => (arrived = resolve));
    const bump = (first: string, second: string) =>
      database.tenant(A, async (tx) => {
        const sql = 'UPDATE tool_stat SET successes = successes + 1 WHERE tool = $1';
        await rows(tx, sql, [first]);
        if (++runs === 2) arrived();
        if (runs <= 2) await bothHoldOne;
        await rows(tx, sql, [second]);
      });
    await Promise.all([bump('left', 'right'), bump('right', 'left')]);
    expect(runs).toBe(3);
    const sums = await server.query(`SELECT successes::integer AS n FROM tool_stat WHERE tool IN ('left', 'right')`);
    expect(sums).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('does not repeat other errors', async () => {
    let runs = 0;
    const failing = database.tenant(A, async (tx) => {
      runs += 1;
      await rows(tx, 'SELECT 1/0');
    });
    await expect(failing).rejects.toThrow('division by zero');
    expect(runs).toBe(1);
  });

  it('survives the loss of every connection, in use or idle', async () => {
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test-app'`;
    const busy = database.tenant(A, (tx) => rows(tx, 'SELECT pg_sleep(20)'));
    const broken = expect(busy).rejects.toThrow();
    await until(
      async () =>
        (
          await server.query(
            `SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)%' AND state = 'active' AND pid <> pg_backend_pid()`,
          )
        ).length > 0,
    );
    await server.query(kill);
    await broken;
    await until(() => database.isHealthy());
    expect(await database.tenant(A, (tx) => new TenantRepository(tx).current())).toEqual({ id: A, name: 'A' });
  });

  it('says so at once when the password or the database is wrong', async () => {
    const wrong = server.url.replace(server.name, 'no_such_database');
    const attempt = openDatabase({ url: wrong, applicationName: 'x', poolSize: 1, migrate: false, log });
    await expect(attempt).rejects.toThrow(/cannot be used: database "no_such_database" does not exist/);
  });

  it('waits for a server that is not up, but not for ever', async () => {
    const nobody = Object.assign(new URL(server.url), { port: '1' }).toString();
    const attempt = openDatabase({
      url: nobody,
      applicationName: 'x',
      poolSize: 1,
      migrate: true,
      log,
      patienceMs: 600,
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'database.unavailable',
      hint: expect.stringMatching(/Start PostgreSQL/),
    });
    expect(log.said).toContain('database.waiting');
  });
});

describe('a login that does not migrate', () => {
  let server: TestDatabase;
  const user = `gk_login_${process.pid}`;
  beforeAll(async () => {
    server = await createTestDatabase();
    await server.query(`CREATE ROLE ${user} LOGIN PASSWORD 'plain'`);
  });
  afterAll(async () => {
    await server.query(`DROP ROLE ${user}`);
    await server.drop();
  });
  const login = (told: { migrate: boolean; ownerUrl?: string; patienceMs?: number }) =>
    openDatabase({
      url: server.urlFor(user, 'plain'),
      applicationName: 'login',
      poolSize: 1,
      log: recorder(),
      ...told,
    });

  it('is told what is missing when nobody makes the tables', async () => {
    await expect(login({ migrate: false, patienceMs: 300 })).rejects.toThrow(/not up to date: CreateTenants/);
  });

  it('waits for the tables and works on them as the application role', async () => {
    const waiting = login({ migrate: false });
    const owner = await login({ migrate: true, ownerUrl: server.url });
    const database = await waiting;
    const id = newId();
    await database.tenant(id, (tx) => new TenantRepository(tx).add({ id, name: 'mine' }));
    expect([owner.role, database.role]).toEqual([APP_ROLE, APP_ROLE]);
    await expect(database.tenant(id, (tx) => rows(tx, 'ALTER TABLE goal ADD COLUMN x text'))).rejects.toThrow(
      /must be owner/,
    );
    await Promise.all([owner.close(), database.close()]);
  });
});

describe('a login without privileges', () => {
  let server: TestDatabase;
  const user = `gk_plain_${process.pid}`;
  beforeAll(async () => {
    server = await createTestDatabase();
    await server.query(`CREATE ROLE ${user} LOGIN PASSWORD 'plain'`);
    await server.query(`ALTER DATABASE ${server.name} OWNER TO ${user}`);
  });
  afterAll(async () => {
    await server.query(
      `ALTER DATABASE ${server.name} OWNER TO CURRENT_USER; DROP OWNED BY ${user} CASCADE; DROP ROLE ${user}`,
    );
    await server.drop();
  });

  it('still binds the owner of the tables to the tenant, lets the system functions see all, and says it once', async () => {
    const log = recorder();
    const url = server.urlFor(user, 'plain');
    const database = await openDatabase({ url, applicationName: 'plain', poolSize: 2, migrate: true, log });
    const B = newId();
    for (const id of [A, B]) await database.tenant(id, (tx) => new TenantRepository(tx).add({ id, name: id }));
    const { token } = await database.tenant(B, (tx) => new TokenRepository(tx).create(B, 'b'));

    expect(database.role).toBeNull();
    expect(log.said.filter((event) => event === 'database.role_not_assumed')).toHaveLength(1);
    expect(await database.tenant(A, (tx) => rows(tx, 'SELECT tenant_id FROM tenant'))).toEqual([{ tenant_id: A }]);
    expect(await database.system((tx) => rows(tx, 'SELECT tenant_id FROM tenant'))).toEqual([]);
    expect(await database.system((tx) => new TokenRepository(tx).find(token))).toMatchObject({ tenantId: B });
    await database.tenant(B, (tx) =>
      new OutboxRepository(tx).add({
        id: newId(),
        kind: 'start',
        goalId: newId(),
        payload: { shared: SHARED_TENANT_ID },
      }),
    );
    expect(await database.system((tx) => new OutboxRepository(tx).due(10))).toMatchObject([
      { tenantId: B, attempts: 1 },
    ]);
    await database.close();
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
