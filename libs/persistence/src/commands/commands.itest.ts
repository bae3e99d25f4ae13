import { aGoal, createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import type { EntityManager } from 'typeorm';
import { openDatabase, type Database } from '../database/database';
import { GoalRepository } from '../goals/goal.repository';
import { GoalStore } from '../goals/goal.store';
import { newId } from '../ids';
import { TenantRepository } from '../tenants/tenant.repository';
import { CommandRepository } from './command.repository';
import { IdempotencyRepository } from './idempotency.repository';
import { OutboxRepository } from './outbox.repository';

const A = newId();
const log = { info: () => undefined, warn: () => undefined };

describe('what reaches the workflows', () => {
  let server: TestDatabase;
  let database: Database;
  const inTenant = <T>(work: (tx: EntityManager) => Promise<T>) => database.tenant(A, work);
  const outbox = <T>(work: (repository: OutboxRepository) => Promise<T>) =>
    database.system((tx) => work(new OutboxRepository(tx)));

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 10, migrate: true, log });
    await database.tenant(A, (tx) => new TenantRepository(tx).add({ id: A, name: 'A' }));
  });
  beforeEach(() => server.query('DELETE FROM outbox'));
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  const announce = async (holdMs = 0) => {
    const goal = aGoal({ tenantId: A, id: newId() });
    const id = newId();
    await inTenant(async (tx) => {
      await new GoalRepository(tx).accept(goal, []);
      await new OutboxRepository(tx).add({ id, kind: 'start', goalId: goal.id, payload: { why: 'accepted' } }, holdMs);
    });
    return { id, goalId: goal.id };
  };

  describe('the outbox', () => {
    it('gives each entry to one of several sweepers', async () => {
      const ids = [];
      for (let index = 0; index < 30; index += 1) ids.push((await announce()).id);
      const taken = await Promise.all(Array.from({ length: 6 }, () => outbox((repository) => repository.due(10))));
      expect(
        taken
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(ids.sort());
      expect(taken.flat()[0]).toMatchObject({
        tenantId: A,
        kind: 'start',
        payload: { why: 'accepted' },
        attempts: 1,
        lastError: null,
      });
    });

    it('is not held up by a sweeper that has not committed yet', async () => {
      const [first, second] = [await announce(), await announce()];
      await database.system(async (tx) => {
        expect(await new OutboxRepository(tx).due(1)).toMatchObject([{ id: first.id }]);
        expect(await outbox((repository) => repository.due(5))).toMatchObject([{ id: second.id }]);
      });
    });

    it('gives an entry again when its lease ends without an end, and not after it is done', async () => {
      const { id, goalId } = await announce();
      expect(await outbox((repository) => repository.due(10, 0))).toMatchObject([{ id, attempts: 1 }]);
      expect(await outbox((repository) => repository.due(10, 60_000))).toMatchObject([{ id, attempts: 2 }]);
      expect(await outbox((repository) => repository.due(10))).toEqual([]);
      await outbox((repository) => repository.failed(id, 'engine \u0000 down', 0));
      expect(await outbox((repository) => repository.due(10, 0))).toMatchObject([
        { id, attempts: 3, lastError: 'engine \ufffd down' },
      ]);
      await new GoalStore(database).delivered(A, goalId, [id]);
      expect(await outbox((repository) => repository.due(10, 0))).toEqual([]);
    });

    it('leaves an entry to whoever added it for the time that was asked for', async () => {
      const { id, goalId } = await announce(60_000);
      expect(await outbox((repository) => repository.due(10))).toEqual([]);
      await new GoalStore(database).delivered(A, goalId, [id]);
      expect(await server.query('SELECT id FROM outbox')).toEqual([]);
    });

    it('lets no other tenant say that an entry is done', async () => {
      const { id, goalId } = await announce();
      await new GoalStore(database).delivered(newId(), goalId, [id]);
      expect(await outbox((repository) => repository.due(10))).toMatchObject([{ id }]);
    });

    it('tells the sweeper which goals have not moved and are not finished, page by page', async () => {
      const [first, second, third] = [await announce(), await announce(), await announce()];
      await inTenant((tx) => new GoalRepository(tx).transition(second.goalId, { to: 'cancelled', reason: '' }));
      const page = await outbox((repository) => repository.unfinishedGoals(0, 1_000));
      const ids = page.map(({ goalId }) => goalId);
      expect(ids).toEqual(expect.arrayContaining([first.goalId, third.goalId]));
      expect(ids).not.toContain(second.goalId);
      expect(await outbox((repository) => repository.unfinishedGoals(0, 1, first.goalId))).toEqual([
        { goalId: third.goalId, tenantId: A },
      ]);
      expect(await outbox((repository) => repository.unfinishedGoals(60_000, 10))).toEqual([]);
    });
  });

  describe('a command', () => {
    it('is stored once and answered once', async () => {
      const { goalId } = await announce();
      const command = { id: newId(), goalId, kind: 'cancel', reason: 'enough', requestedBy: 'ann' };
      const commands = <T>(work: (repository: CommandRepository) => Promise<T>) =>
        inTenant((tx) => work(new CommandRepository(tx)));
      expect(await commands((repository) => repository.add(command))).toBe(true);
      expect(await commands((repository) => repository.add(command))).toBe(false);
      expect(await commands((repository) => repository.open(goalId))).toMatchObject([
        { ...command, state: 'requested' },
      ]);
      expect(await commands((repository) => repository.answer(command.id, 'applied', { state: 'cancelling' }))).toBe(
        true,
      );
      expect(await commands((repository) => repository.answer(command.id, 'refused'))).toBe(false);
      expect(await commands((repository) => repository.open(goalId))).toEqual([]);
      expect(await commands((repository) => repository.get(command.id))).toMatchObject({
        state: 'applied',
        answer: { state: 'cancelling' },
      });
      expect(await commands((repository) => repository.add({ ...command, id: newId(), goalId: newId() }))).toBe(false);
    });
  });

  describe('a request key', () => {
    const request = () => ({ key: newId(), bodyHash: 'body', principal: 'token' });

    it('lets one of ten requests at once do the work, and answers the others with its reply', async () => {
      const wanted = request();
      let done = 0;
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          inTenant(async (tx) => {
            const keys = new IdempotencyRepository(tx);
            const answer = await keys.begin(wanted);
            if (answer.kind === 'new') {
              done += 1;
              await keys.complete(wanted, { status: 202, body: { id: 'goal' } });
            }
            return answer;
          }),
        ),
      );
      expect(done).toBe(1);
      expect(answers.filter(({ kind }) => kind === 'replay')).toEqual(
        Array.from({ length: 9 }, () => ({ kind: 'replay', status: 202, body: { id: 'goal' } })),
      );
    });

    it('is free again when the work is undone, in flight while it is not answered, and bound to its body and owner', async () => {
      const wanted = request();
      const begin = (told = wanted) => inTenant((tx) => new IdempotencyRepository(tx).begin(told));
      const undone = inTenant(async (tx) => {
        await new IdempotencyRepository(tx).begin(wanted);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      expect(await begin()).toEqual({ kind: 'new' });
      expect(await begin()).toEqual({ kind: 'in_flight' });
      expect(await begin({ ...wanted, bodyHash: 'other' })).toEqual({ kind: 'mismatch' });
      expect(await begin({ ...wanted, principal: 'another token' })).toEqual({ kind: 'new' });
    });

    it('can be taken over from a request that died, and ends after a day', async () => {
      const wanted = request();
      const begin = () => inTenant((tx) => new IdempotencyRepository(tx).begin(wanted));
      await begin();
      await server.query(`UPDATE idempotency_key SET created_at = now() - interval '2 minutes'`);
      expect(await begin()).toEqual({ kind: 'new' });
      await inTenant((tx) => new IdempotencyRepository(tx).complete(wanted, { status: 202, body: null }));
      await server.query(`UPDATE idempotency_key SET created_at = now() - interval '23 hours'`);
      expect(await begin()).toEqual({ kind: 'replay', status: 202, body: null });
      await server.query(`UPDATE idempotency_key SET created_at = now() - interval '25 hours'`);
      expect(await begin()).toEqual({ kind: 'new' });
      await server.query(`UPDATE idempotency_key SET created_at = now() - interval '25 hours'`);
      expect(await outbox((repository) => repository.forgetOldKeys())).toBeGreaterThan(0);
      expect(await server.query('SELECT key FROM idempotency_key')).toEqual([]);
    });
  });
});
