import type { EffectClass } from '@goalkeeper/domain';
import { aGoal, createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { openDatabase, type Database } from '../database/database';
import { GoalRepository } from '../goals/goal.repository';
import { newId } from '../ids';
import { TenantRepository } from '../tenants/tenant.repository';
import { EffectRepository, type ClaimedEffect, type EffectClaim } from './effect.repository';

const A = newId();
const log = { info: () => undefined, warn: () => undefined };

describe('the effect ledger', () => {
  let server: TestDatabase;
  let database: Database;
  const goal = aGoal({ tenantId: A });
  const effect = (told: Partial<EffectClaim> = {}): EffectClaim => ({
    key: newId(),
    goalId: goal.id,
    stepId: 'step#0',
    lineage: 'step',
    tool: 'test.echo',
    intent: 'intent',
    occurrence: 0,
    class: 'once',
    ...told,
  });
  const claim = (told: EffectClaim) => database.tenant(A, (tx) => new EffectRepository(tx).claim(told));
  const settle = (...told: Parameters<EffectRepository['settle']>) =>
    database.tenant(A, (tx) => new EffectRepository(tx).settle(...told));

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 20, migrate: true, log });
    await database.tenant(A, async (tx) => {
      await new TenantRepository(tx).add({ id: A, name: 'A' });
      await new GoalRepository(tx).accept(goal, []);
    });
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('lets exactly one of twenty claims of a once effect through, round after round', async () => {
    for (let round = 0; round < 10; round += 1) {
      const wanted = effect();
      const claims = await Promise.all(Array.from({ length: 20 }, () => claim(wanted)));
      const granted = claims.filter((one) => one.granted);
      expect(granted).toEqual([{ granted: true, state: 'dispatched', result: null, attempts: 1 }]);
      expect(
        claims.filter((one) => !one.granted).every((one) => one.state === 'dispatched' && one.attempts === 1),
      ).toBe(true);
    }
  });

  it.each<EffectClass>(['pure', 'idempotent', 'transactional'])(
    'lets a begun %s effect be repeated, and counts it',
    async (kind) => {
      const wanted = effect({ class: kind });
      const claims: ClaimedEffect[] = await Promise.all(Array.from({ length: 5 }, () => claim(wanted)));
      expect(claims.every((one) => one.granted)).toBe(true);
      expect(claims.map((one) => one.attempts).sort()).toEqual([1, 2, 3, 4, 5]);
    },
  );

  it('answers a confirmed effect from its record, and keeps it confirmed', async () => {
    const wanted = effect({ class: 'idempotent' });
    await claim(wanted);
    await settle(wanted.key, 'confirmed', { id: 7 });
    await settle(wanted.key, 'failed', null);
    expect(await claim(wanted)).toEqual({ granted: false, state: 'confirmed', result: { id: 7 }, attempts: 1 });
  });

  it('dispatches again what is known not to have happened, never what nobody knows', async () => {
    const wanted = effect();
    await claim(wanted);
    await settle(wanted.key, 'failed', { code: 'refused' });
    expect(await claim(wanted)).toMatchObject({ granted: true, attempts: 2 });
    await settle(wanted.key, 'uncertain', null);
    expect(await claim(wanted)).toMatchObject({ granted: false, state: 'uncertain', attempts: 2 });
  });

  it('forgets a claim whose transaction was rolled back', async () => {
    const wanted = effect();
    const crashed = database.tenant(A, async (tx) => {
      await new EffectRepository(tx).claim(wanted);
      throw new Error('crash');
    });
    await expect(crashed).rejects.toThrow('crash');
    expect(await claim(wanted)).toMatchObject({ granted: true, attempts: 1 });
  });

  it('refuses an effect of a goal that is not there', async () => {
    await expect(claim(effect({ goalId: newId() }))).rejects.toMatchObject({ code: 'database.row_missing' });
  });
});
