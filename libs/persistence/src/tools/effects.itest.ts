import type { EffectClass } from '@goalkeeper/domain';
import {
  aBeginCall,
  aFinishCall,
  anObservation,
  aPlanStep,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import { newId } from '../ids';
import type { BeginCall, ClaimedEffect } from '../observation/call';
import { CallRepository, GoalStoppedError } from '../observation/call.repository';
import { json, row } from '../sql';
import { EffectRepository } from './effect.repository';

const step = aPlanStep('step');
type Effect = NonNullable<BeginCall['effect']>;
const effect = (told: Partial<Effect> = {}): Effect => ({ key: newId(), intent: 'intent', class: 'once', ...told });

describe('the effect ledger', () => {
  let store: TestStore;
  let goal: StoredGoal;
  const calls = () => new CallRepository(store.database, goal);
  /** The claim alone, as `begin` makes it: without the lock on a step's row that makes callers take turns. */
  const claim = (wanted: Effect, goalId = goal.goalId) =>
    store.inTenant(async (tx) => {
      const told = { ...wanted, stepId: step.id, lineage: 'step', tool: 'test.echo', occurrence: 0 };
      const sql = 'SELECT gk_claim_effect($1, $2) AS claimed';
      return (await row<{ claimed: ClaimedEffect | null }>(tx, sql, [goalId, json(told)]))?.claimed ?? null;
    });
  const begin = async (wanted: Effect, told: Partial<BeginCall> = {}) =>
    (await calls().begin(aBeginCall(step, { effect: wanted, ...told }))).claimed ?? null;
  const settle = (...told: Parameters<EffectRepository['settle']>) =>
    store.inTenant((tx) => new EffectRepository(tx).settle(...told));
  const list = () => store.inTenant((tx) => new EffectRepository(tx).list(goal.goalId));

  beforeAll(async () => (store = await openTestStore(20)));
  beforeEach(async () => (goal = await store.planned([step])));
  afterAll(() => store.close());

  it.each([
    ['claims', claim],
    ['begun calls', begin],
  ])('lets exactly one of twenty %s of a once effect through, round after round', async (_what, attempt) => {
    for (let round = 0; round < 10; round += 1) {
      const wanted = effect();
      const claims = await Promise.all(Array.from({ length: 20 }, () => attempt(wanted)));
      const granted = claims.filter((one) => one?.granted);
      expect(granted).toEqual([{ granted: true, state: 'dispatched', result: null, attempts: 1 }]);
      const others = claims.filter((one) => !one?.granted);
      expect(others).toHaveLength(19);
      expect(others.every((one) => one?.state === 'dispatched' && one.attempts === 1)).toBe(true);
    }
  });

  it('lets exactly one of twenty steps through that want the same once effect', async () => {
    const wanted = effect();
    const steps = Array.from({ length: 20 }, (_, index) => aPlanStep(`step-${index}`));
    const begun = await Promise.all(steps.map((one) => calls().begin(aBeginCall(one, { effect: wanted }))));
    expect(begun.map(({ attempts }) => attempts)).toEqual(steps.map(() => 1));
    expect(begun.filter(({ claimed }) => claimed?.granted)).toHaveLength(1);
    expect(await list()).toMatchObject([{ key: wanted.key, state: 'dispatched', attempts: 1 }]);
  });

  it.each<EffectClass>(['pure', 'idempotent', 'transactional'])(
    'lets a begun %s effect be repeated, and counts it',
    async (kind) => {
      for (const attempt of [claim, begin]) {
        const wanted = effect({ class: kind });
        const claims = await Promise.all(Array.from({ length: 5 }, () => attempt(wanted)));
        expect(claims.every((one) => one?.granted)).toBe(true);
        expect(claims.map((one) => one?.attempts).sort()).toEqual([1, 2, 3, 4, 5]);
      }
    },
  );

  it('answers a confirmed effect from its record, and keeps it confirmed', async () => {
    const wanted = effect({ class: 'idempotent' });
    await begin(wanted);
    await settle(wanted.key, 'confirmed', { id: 7 });
    await settle(wanted.key, 'failed', null);
    const known = { granted: false, state: 'confirmed', result: { id: 7 }, attempts: 1 };
    expect(await begin(wanted)).toEqual(known);
    const failed = { key: wanted.key, state: 'failed', result: null } as const;
    const observation = anObservation(step.id, { outcome: 'failure' });
    await calls().finish(aFinishCall(step, { observation, state: 'failed', output: null, effect: failed }));
    expect(await begin(wanted, { callNo: 2 })).toEqual(known);
    expect(await claim(wanted)).toEqual(known);
  });

  it('learns of an effect that a second attempt at the call confirmed', async () => {
    const wanted = effect({ class: 'idempotent' });
    await begin(wanted);
    const failed = anObservation(step.id, { outcome: 'failure' });
    const effectOf = (state: 'failed' | 'confirmed', id: number) => ({ key: wanted.key, state, result: { id } });
    const first = { observation: failed, state: 'failed', output: null, effect: effectOf('failed', 1) } as const;
    await calls().finish(aFinishCall(step, first));
    const second = await calls().finish(aFinishCall(step, { effect: effectOf('confirmed', 2) }));
    expect(second).toEqual({ end: 'known', observation: failed });
    expect(await list()).toMatchObject([{ state: 'confirmed', result: { id: 2 } }]);
  });

  it('dispatches again what is known not to have happened, never what nobody knows', async () => {
    const wanted = effect();
    await begin(wanted);
    await settle(wanted.key, 'failed', { code: 'refused' });
    expect(await begin(wanted)).toMatchObject({ granted: true, attempts: 2 });
    await settle(wanted.key, 'uncertain', null);
    expect(await begin(wanted)).toMatchObject({ granted: false, state: 'uncertain', attempts: 2 });
  });

  it('forgets a claim whose transaction was rolled back', async () => {
    const wanted = effect();
    const crashed = calls().within(aBeginCall(step, { effect: wanted }), async ({ claimed }) => {
      expect(claimed).toMatchObject({ granted: true, attempts: 1 });
      throw new Error('crash');
    });
    await expect(crashed).rejects.toThrow('crash');
    expect(await list()).toEqual([]);
    expect(await begin(wanted)).toMatchObject({ granted: true, attempts: 1 });
  });

  it('forgets a claim whose goal takes no further call', async () => {
    const wanted = effect();
    const event = { type: 'step.started', data: {} };
    const told = { events: { first: event, again: event }, refuseWhen: ['cancelling'] } as const;
    await store.force(goal, 'cancelling');
    await expect(begin(wanted, told)).rejects.toThrow(GoalStoppedError);
    expect(await list()).toEqual([]);
    await store.force(goal, 'running');
    expect(await begin(wanted, told)).toMatchObject({ granted: true, attempts: 1 });
    expect(await store.calls(goal)).toMatchObject([{ attempts: 1 }]);
  });

  it('refuses an effect of a goal that is not there', async () => {
    const nowhere = new CallRepository(store.database, { tenantId: store.tenantId, goalId: newId() });
    const wanted = effect();
    await expect(nowhere.begin(aBeginCall(step, { effect: wanted }))).rejects.toMatchObject({
      code: 'database.row_missing',
    });
    expect(await claim(wanted, newId())).toBeNull();
    expect(await store.server.query('SELECT FROM effect WHERE key = $1', [wanted.key])).toEqual([]);
  });
});
