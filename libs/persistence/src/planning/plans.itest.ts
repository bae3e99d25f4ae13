import type { Fact } from '@goalkeeper/domain';
import {
  aBeginCall,
  aFinishCall,
  anObservation,
  aPlan,
  aPlanStep,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import { ClosingRepository } from '../goals/closing.repository';
import { GoalRepository } from '../goals/goal.repository';
import { newId } from '../ids';
import { CallRepository } from '../observation/call.repository';
import { PlanRepository, PlanStore } from './plan.repository';

const fact = (name: string): Fact => ({ predicate: 'has', args: [name] });
const proposed = { type: 'plan.proposed', data: {} };
const revised = { type: 'plan.revised', data: {} };
const [kept, gone, fresh] = [aPlanStep('profile'), aPlanStep('gone'), aPlanStep('fresh')];

describe('plans', () => {
  let store: TestStore;
  const plans = (goal: StoredGoal) => new PlanStore(store.database, goal);
  const latest = (goal: StoredGoal) => store.inTenant((tx) => new PlanRepository(tx).latest(goal.goalId));
  const record = (goal: StoredGoal) => store.inTenant((tx) => new GoalRepository(tx).get(goal.goalId));

  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  it('are empty before the first', async () => {
    const goal = await store.goal();
    expect(await plans(goal).state([])).toEqual({ latest: null, succeeded: [], facts: [], callsMade: 0 });
    expect(await latest(goal)).toBeNull();
  });

  it('of a new revision keep what succeeded, drop what is gone and say what changed', async () => {
    const first = aPlan([kept, gone]);
    const goal = await store.planned(first.steps);
    expect(await latest(goal)).toMatchObject({ plan: first, diff: null });
    const calls = new CallRepository(store.database, goal);
    await calls.begin(aBeginCall(kept));
    const seen = { factsAdded: [fact('a'), fact('b')], factsRemoved: [] };
    await calls.finish(aFinishCall(kept, { observation: anObservation(kept.id, seen) }));

    const second = aPlan([kept, fresh], { revision: 2, reason: 'repairs gone' });
    expect(await plans(goal).save(second, first, revised)).toBe(true);
    expect(await plans(goal).save(aPlan([], { revision: 2 }), first, revised)).toBe(false);
    const diff = { added: ['fresh#0'], removed: ['gone#0'], kept: ['profile#0'] };
    expect(await latest(goal)).toEqual({ plan: second, diff, createdAt: expect.any(Date) });
    const states = await store.steps(goal);
    expect(Object.fromEntries(states.map(({ id, state }) => [id, state]))).toEqual({
      'profile#0': 'succeeded',
      'fresh#0': 'pending',
      'gone#0': 'skipped',
    });

    await calls.begin(aBeginCall(fresh));
    const changed = anObservation(fresh.id, { factsRemoved: [fact('a')], factsAdded: [fact('c')] });
    await calls.finish(aFinishCall(fresh, { observation: changed, output: null }));
    expect(await plans(goal).state([])).toEqual({
      latest: second,
      succeeded: ['profile#0', 'fresh#0'],
      facts: [fact('b'), fact('c')],
      denied: [fact('a')],
      callsMade: 2,
    });
    expect(await calls.outputs([kept.id, fresh.id])).toEqual({ [kept.id]: { rows: 3 }, [fresh.id]: {} });
  });

  it('stored twice change nothing the second time, not even what was done since', async () => {
    const goal = await store.planned([kept]);
    await new CallRepository(store.database, goal).begin(aBeginCall(kept));
    const before = [await latest(goal), await store.steps(goal), await store.events(goal), await record(goal)];
    const other = aPlan([kept, fresh], { reason: 'another attempt' });
    expect(await plans(goal).save(other, null, proposed)).toBe(false);
    expect([await latest(goal), await store.steps(goal), await store.events(goal), await record(goal)]).toEqual(before);
  });

  it('stored by several attempts at once are stored and told once', async () => {
    const goal = await store.goal();
    const attempts = Array.from({ length: 10 }, () => plans(goal).save(aPlan([kept, gone]), null, proposed));
    expect((await Promise.all(attempts)).filter((isNew) => isNew)).toEqual([true]);
    expect(await store.steps(goal)).toMatchObject([
      { id: kept.id, state: 'pending', revision: 1 },
      { id: gone.id, state: 'pending', revision: 1 },
    ]);
    const told = await store.events(goal);
    expect(told.map(({ seq, type, data }) => [seq, type, data])).toEqual([
      [1, 'plan.proposed', {}],
      [2, 'goal.state_changed', { to: 'running', reason: 'plan 1' }],
    ]);
    expect(await record(goal)).toMatchObject({ state: 'running', planRevision: 1, startedAt: expect.any(Date) });
  });

  it.each(['cancelling', 'paused'] as const)('leave a goal %s that was told so meanwhile', async (state) => {
    const goal = await store.goal();
    await store.force(goal, state);
    expect(await plans(goal).save(aPlan([kept]), null, proposed)).toBe(true);
    expect(await record(goal)).toMatchObject({ state, planRevision: 1 });
    expect((await store.events(goal)).map(({ type }) => type)).toEqual(['plan.proposed']);
  });

  it('tell nothing behind the end of their goal: whoever made them was given up meanwhile', async () => {
    const goal = await store.goal();
    const end = { to: 'failed', reason: 'broke down', failure: null, verified: false, lesson: null } as const;
    await new ClosingRepository(store.database, goal).close(end);
    expect(await plans(goal).save(aPlan([kept]), null, proposed)).toBe(true);
    expect(await record(goal)).toMatchObject({ state: 'failed', planRevision: 0 });
    expect((await store.events(goal)).map(({ type }) => type)).toEqual(['goal.state_changed']);
  });

  it('keep words that PostgreSQL refuses as far as it can', async () => {
    const goal = await store.planned([{ ...kept, summary: `nul \0, half \ud800, 'quote' and \\u0000` }]);
    const [planned] = (await plans(goal).state([])).latest?.steps ?? [];
    expect(planned?.summary).toBe(`nul \ufffd, half \ufffd, 'quote' and \\u0000`);
  });

  it('are not stored for a goal that is not there', async () => {
    const nowhere = { tenantId: store.tenantId, goalId: newId() };
    await expect(plans(nowhere).save(aPlan([kept]), null, proposed)).rejects.toMatchObject({ code: 'goal.not_found' });
    expect(await plans(nowhere).state([])).toMatchObject({ latest: null });
    expect(await store.server.query('SELECT FROM step WHERE goal_id = $1', [nowhere.goalId])).toEqual([]);
  });
});
