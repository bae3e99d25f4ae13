import { aGoal, createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { GoalRepository } from '../goals/goal.repository';
import { newId } from '../ids';
import { rows } from '../sql';
import { TenantRepository } from '../tenants/tenant.repository';
import { openDatabase, type Database } from './database';

const A = newId();
const log = { info: () => undefined, warn: () => undefined };

describe('a pooled connection', () => {
  let server: TestDatabase;
  let database: Database;
  const goal = aGoal({ tenantId: A });
  const get = () => database.tenant(A, (tx) => new GoalRepository(tx).get(goal.id));

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 1, migrate: true, log });
    await database.tenant(A, async (tx) => {
      await new TenantRepository(tx).add({ id: A, name: 'A' });
      await new GoalRepository(tx).accept(goal, [{ type: 'goal.created', data: {} }]);
    });
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('keeps the statements of the hot path prepared, and no others', async () => {
    await get();
    const kept = await database.tenant(A, (tx) =>
      rows<{ name: string }>(tx, 'SELECT name FROM pg_prepared_statements WHERE $1 ORDER BY name', [true]),
    );
    expect(kept.map(({ name }) => name)).toEqual(['accept_goal', 'get_goal']);
  });

  it('goes on when a later version adds a column to a table it reads', async () => {
    await get();
    await server.query('ALTER TABLE goal ADD COLUMN later text');
    expect(await get()).toMatchObject({ goal });
    await server.query('ALTER TABLE goal DROP COLUMN later');
    expect(await get()).toMatchObject({ goal });
  });

  it('gives an error, not a silent roll-back, when the work went on after a failed statement', async () => {
    const swallowing = database.tenant(A, async (tx) => {
      await new TenantRepository(tx).add({ id: A, name: 'again' });
      await rows(tx, 'SELECT 1/0').catch(() => 'ignored');
      return 'done';
    });
    await expect(swallowing).rejects.toThrow(/current transaction is aborted/);
    expect(await get()).toMatchObject({ goal });
  });
});
