import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { openDatabase, type Database } from '../database/database';
import { isUuid, newId } from '../ids';
import { DEFAULT_TENANT_ID, TenantRepository } from './tenant.repository';
import { TokenRepository, newToken } from './token.repository';

const log = { info: () => undefined, warn: () => undefined };

describe('tokens', () => {
  let server: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 2, migrate: true, log });
    await database.tenant(DEFAULT_TENANT_ID, (tx) => new TenantRepository(tx).ensureDefault());
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });
  const find = (token: string) => database.system((tx) => new TokenRepository(tx).find(token));

  it('speak for their tenant until they are revoked, and are stored as a hash only', async () => {
    const made = await database.tenant(DEFAULT_TENANT_ID, (tx) =>
      new TokenRepository(tx).create(DEFAULT_TENANT_ID, 'first'),
    );
    expect(made.token).toMatch(/^gk_pat_[0-9A-Za-z]{38}$/);
    expect(await find(made.token)).toEqual({ tokenId: made.id, tenantId: DEFAULT_TENANT_ID, name: 'first' });
    const [stored] = await server.query<{ everything: string }>('SELECT api_token::text AS everything FROM api_token');
    expect(stored?.everything).not.toContain(made.token.slice(7, 20));

    const foreign = await database.tenant(newId(), (tx) => new TokenRepository(tx).revoke(made.id));
    expect([foreign, (await find(made.token)) !== null]).toEqual([false, true]);
    expect(await database.tenant(DEFAULT_TENANT_ID, (tx) => new TokenRepository(tx).revoke(made.id))).toBe(true);
    expect(await find(made.token)).toBeNull();
  });

  it('made elsewhere can be stored, again without harm', async () => {
    const made = { id: newId(), token: newToken() };
    for (let turn = 0; turn < 2; turn += 1) {
      await database.tenant(DEFAULT_TENANT_ID, (tx) => new TokenRepository(tx).store(DEFAULT_TENANT_ID, 'kept', made));
    }
    expect(await find(made.token)).toMatchObject({ tokenId: made.id });
    expect(isUuid(made.id)).toBe(true);
  });

  it('unknown or malformed speak for nobody', async () => {
    expect(await find(newToken())).toBeNull();
    expect(await find(`' OR true --`)).toBeNull();
  });
});
