import {
  aBeginCall,
  aFinishCall,
  aPlan,
  aPlanStep,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import { CallRepository } from '../observation/call.repository';
import { VerificationStore } from '../observation/verification.repository';
import { PlanStore } from '../planning/plan.repository';
import { ClosingRepository } from './closing.repository';
import { GoalRepository } from './goal.repository';
import { GoalStore } from './goal.store';

const [first, second, third] = [aPlanStep('first'), aPlanStep('second'), aPlanStep('third')];
const predicate = { name: 'data.report_complete', summary: 'complete', args: {} };
const task = { name: 'data.profile', args: { source: './a.csv' } };
const pack = { name: 'data', version: '3.1.4' };
const failure = { code: 'x', message: 'y', hint: '', details: {} };

describe('what a goal means and how far it came', () => {
  let store: TestStore;
  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  const inWords = async (): Promise<StoredGoal> => {
    const goal = await store.goal({ objective: 'look at ./a.csv', task: null });
    const plan = aPlan([first, second], { task, pack, success: [predicate, predicate] });
    await new PlanStore(store.database, goal).save(plan, null, { type: 'plan.proposed', data: {} });
    return goal;
  };
  const work = async (goal: StoredGoal, ...steps: (typeof first)[]): Promise<void> => {
    const calls = new CallRepository(store.database, goal);
    for (const step of steps) {
      await calls.begin(aBeginCall(step));
      await calls.finish(aFinishCall(step));
    }
  };
  const verify = (goal: StoredGoal, revision: number, ...holds: boolean[]): Promise<void> =>
    new VerificationStore(store.database, goal).save({
      ...{ revision, holds: holds.every(Boolean), analyses: [], events: [] },
      evidence: holds.map((isTrue, index) => ({ check: `check ${index}`, holds: isTrue, seen: '' })),
    });
  const close = (goal: StoredGoal, verified: boolean) =>
    new ClosingRepository(store.database, goal).close({
      ...{ to: verified ? 'succeeded' : 'failed', reason: '', verified, lesson: null },
      failure: verified ? null : failure,
    });
  /** Both ways of reading must agree. */
  const seen = async ({ tenantId, goalId }: StoredGoal) => {
    const one = await new GoalStore(store.database).get(tenantId, goalId);
    const other = await store.inTenant((tx) => new GoalRepository(tx).get(goalId));
    const listed = await store.inTenant((tx) => new GoalRepository(tx).list({ limit: 100 }));
    expect(other).toEqual(one);
    expect(listed.goals.find(({ goal }) => goal.id === goalId)).toEqual(one);
    return { meant: one?.meant, progress: one?.progress };
  };

  it('is nothing before the first plan', async () => {
    expect(await seen(await store.goal({ objective: 'look at ./a.csv' }))).toEqual({ meant: null, progress: 0 });
  });

  it('is the task of the latest plan, and its steps done and predicates that hold', async () => {
    const goal = await inWords();
    expect(await seen(goal)).toEqual({ meant: { ...task, pack }, progress: 0 });
    await work(goal, first);
    expect((await seen(goal)).progress).toBe(0.25);
    await work(goal, second);
    expect((await seen(goal)).progress).toBe(0.5);
    await verify(goal, 1, true, true);
    await close(goal, true);
    expect(await seen(goal)).toEqual({ meant: { ...task, pack }, progress: 1 });
  });

  it('stays where a goal failed: a quarter of its checks did not hold', async () => {
    const goal = await inWords();
    await work(goal, first, second);
    await verify(goal, 1, true, true, true, false);
    await close(goal, false);
    expect((await seen(goal)).progress).toBe((2 + 1.5) / 4);
  });

  it('counts the steps of the latest plan alone', async () => {
    const goal = await inWords();
    await work(goal, first);
    const revised = aPlan([first, third], {
      revision: 2,
      task,
      pack: { ...pack, version: '3.2.0' },
      success: [predicate],
    });
    const before = aPlan([first, second], { task });
    await new PlanStore(store.database, goal).save(revised, before, { type: 'plan.revised', data: {} });
    expect(await seen(goal)).toEqual({ meant: { ...task, pack: { ...pack, version: '3.2.0' } }, progress: 1 / 3 });
    await close(goal, false);
    expect((await seen(goal)).progress).toBe(1 / 3);
  });
});
