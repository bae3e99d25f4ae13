import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { openDatabase, type Database } from '../database/database';
import { newId } from '../ids';
import { rows } from '../sql';
import { AuditRepository, type AuditHead } from './audit.repository';

const log = { info: () => undefined, warn: () => undefined };

describe('the audit chain', () => {
  let server: TestDatabase;
  let database: Database;
  let tenant: string;
  const verify = (kept?: AuditHead) =>
    database.tenant(tenant, (tx) => new AuditRepository(tx).verifyChain(tenant, kept));
  const add = (target: string) =>
    database.tenant(tenant, (tx) =>
      new AuditRepository(tx).add({
        actor: 'ann',
        action: 'goal.create',
        target,
        outcome: 'allowed',
        requestId: 'r-1',
      }),
    );
  /** As someone with the owner's rights would, who can switch the triggers off. */
  const tamper = async (sql: string) => {
    await server.query('SET session_replication_role = replica');
    await server.query(sql.replaceAll('TENANT', `tenant_id = '${tenant}'`));
    await server.query('RESET session_replication_role');
  };

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 20, migrate: true, log });
  });
  beforeEach(async () => {
    tenant = newId();
    for (let index = 1; index <= 12; index += 1) await add(`goal ${index}`);
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('holds as it was written, also by twenty at once, numbered without gap', async () => {
    const heads = await Promise.all(Array.from({ length: 20 }, (_, index) => add(`at once ${index}`)));
    expect(heads.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 13),
    );
    expect(await verify()).toMatchObject({ holds: true, entries: 32, problem: null, head: { seq: 32 } });
  });

  it('leaves no number out when the change it belongs to is undone', async () => {
    const undone = database.tenant(tenant, async (tx) => {
      await new AuditRepository(tx).add({ actor: 'ann', action: 'x', target: 'y', outcome: 'failed' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await add('after')).seq).toBe(13);
    expect(await verify()).toMatchObject({ holds: true, entries: 13 });
  });

  it('refuses UPDATE, DELETE and TRUNCATE, to the application and to the owner', async () => {
    for (const sql of [`UPDATE audit_entry SET actor = 'bob'`, 'DELETE FROM audit_entry', 'TRUNCATE audit_entry']) {
      await expect(database.tenant(tenant, (tx) => rows(tx, sql))).rejects.toThrow(/permission denied/);
      await expect(server.query(sql)).rejects.toThrow(/append-only/);
    }
  });

  it.each([
    ['an edit at the end', `UPDATE audit_entry SET actor = 'bob' WHERE TENANT AND seq = 12`, /Entry 12 was changed/],
    [
      'an edit of a time',
      `UPDATE audit_entry SET created_at = created_at - interval '1 ms' WHERE TENANT AND seq = 5`,
      /Entry 5 was changed/,
    ],
    [
      'a swap',
      `UPDATE audit_entry SET seq = CASE seq WHEN 4 THEN -5 WHEN 5 THEN 4 END WHERE TENANT AND seq IN (4, 5)`,
      /Entry 4|Entry 5/,
    ],
    ['removal at the front', `DELETE FROM audit_entry WHERE TENANT AND seq = 1`, /Entry 1 is missing/],
    ['removal in the middle', `DELETE FROM audit_entry WHERE TENANT AND seq = 6`, /Entry 6 is missing/],
    ['removal of the last', `DELETE FROM audit_entry WHERE TENANT AND seq = 12`, /12 to 12 are missing at the end/],
    ['removal of the last ten', `DELETE FROM audit_entry WHERE TENANT AND seq > 2`, /3 to 12 are missing at the end/],
    ['emptying', `DELETE FROM audit_entry WHERE TENANT`, /1 to 12 are missing at the end/],
    ['removal of the head', `DELETE FROM audit_head WHERE TENANT`, /head row does not fit entry 12/],
  ])('notices %s', async (_name, sql, problem) => {
    await tamper(sql);
    const finding = await verify();
    expect(finding.holds).toBe(false);
    expect(finding.problem).toMatch(problem);
  });

  it('shows a rewritten end against a head that was kept outside', async () => {
    const { head } = await verify();
    await tamper(`DELETE FROM audit_entry WHERE TENANT AND seq > 10`);
    await tamper(
      `UPDATE audit_head SET seq = 10, hash = (SELECT hash FROM audit_entry e WHERE e.TENANT AND e.seq = 10) WHERE TENANT`.replace(
        'e.TENANT',
        `e.tenant_id = '${tenant}'`,
      ),
    );
    expect(await verify()).toMatchObject({ holds: true, entries: 10 });
    expect(await verify(head)).toMatchObject({
      holds: false,
      problem: expect.stringMatching(/Entry 12 is not the one/),
    });
  });
});
