import type { Analysis } from '@goalkeeper/domain';
import {
  aBeginCall,
  aFinishCall,
  aLesson,
  anObservation,
  aPlan,
  aPlanStep,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import { newId } from '../ids';
import { CallRepository } from '../observation/call.repository';
import { ClosingRepository, type GoalClosing } from './closing.repository';
import { GoalRepository } from './goal.repository';

const step = aPlanStep('profile');
const failure = { code: 'x.y', message: 'm', hint: 'h', details: {} };

describe('the end of a goal', () => {
  let store: TestStore;
  const closing = (goal: StoredGoal) => new ClosingRepository(store.database, goal);
  const succeed = (told: Partial<GoalClosing> = {}): GoalClosing => ({
    ...{ to: 'succeeded', reason: 'checked', failure: null, verified: true },
    lesson: null,
    ...told,
  });
  const record = (goal: StoredGoal) => store.inTenant((tx) => new GoalRepository(tx).get(goal.goalId));
  const learned = (tool: string) =>
    store.server.query('SELECT successes::integer, failures::integer FROM tool_stat WHERE tool = $1', [tool]);

  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  it('is judged by plan and observations, and stores judgements that waited', async () => {
    const goal = await store.planned([step], { objective: 'count it' });
    const calls = new CallRepository(store.database, goal);
    const failed = anObservation(step.id, { outcome: 'failure' });
    await calls.begin(aBeginCall(step));
    await calls.finish(aFinishCall(step, { observation: failed, state: 'failed', output: null }));
    await calls.begin(aBeginCall(step, { callNo: 2 }));
    await calls.finish(aFinishCall(step, { callNo: 2 }));
    const analysis: Analysis = { stepId: step.id, next: 'finish', reason: 'done', progress: 1, retryAfterMs: 0 };
    expect(await closing(goal).lessons([{ ...analysis, callNo: 2 }])).toEqual({
      state: 'running',
      objective: 'count it',
      plan: aPlan([step]),
      observations: [failed, anObservation(step.id)],
    });
    expect((await store.calls(goal)).map((call) => call.analysis)).toEqual([null, analysis]);
  });

  it('knows of goals without a plan, and of none that is not there', async () => {
    const goal = await store.goal();
    expect(await closing(goal).lessons([])).toMatchObject({ state: 'queued', plan: null, observations: [] });
    const nowhere = closing({ tenantId: store.tenantId, goalId: newId() });
    expect(await nowhere.lessons([])).toBeNull();
    expect(await nowhere.close(succeed())).toBe(false);
  });

  it('comes with its reason, its times and what it teaches', async () => {
    const goal = await store.planned([step]);
    const lesson = aLesson({ tools: [{ tool: 'taught', successes: 2, failures: 1, durationMs: 30 }] });
    expect(await closing(goal).close(succeed({ lesson }))).toBe(true);
    expect(await record(goal)).toMatchObject({
      ...{ state: 'succeeded', verified: true, progress: 1, failure: null },
      finishedAt: expect.any(Date),
    });
    expect((await store.events(goal)).slice(2).map(({ seq, type, data }) => [seq, type, data])).toEqual([
      [3, 'memory.written', {}],
      [4, 'goal.state_changed', { from: 'running', to: 'succeeded', reason: 'checked' }],
    ]);
    expect(await learned('taught')).toEqual([{ successes: 2, failures: 1 }]);
  });

  it('says why it failed', async () => {
    const goal = await store.planned([step]);
    await closing(goal).close({ to: 'failed', reason: 'gave up', failure, verified: false, lesson: null });
    expect(await record(goal)).toMatchObject({ state: 'failed', verified: false, progress: 0, failure });
    const data = { from: 'running', to: 'failed', reason: 'gave up', failure };
    expect((await store.events(goal)).at(-1)).toMatchObject({ type: 'goal.state_changed', data });
  });

  it('happens once: whatever comes later changes nothing and teaches nothing', async () => {
    const goal = await store.planned([step]);
    const lesson = () => aLesson({ tools: [{ tool: 'repeated', successes: 1, failures: 0, durationMs: 5 }] });
    expect(await closing(goal).close(succeed({ lesson: lesson() }))).toBe(true);
    const before = [await record(goal), await store.events(goal)];
    expect(await closing(goal).close(succeed({ lesson: lesson() }))).toBe(false);
    const late = { to: 'failed', reason: 'late', failure, verified: false, lesson: lesson() } as const;
    expect(await closing(goal).close(late)).toBe(false);
    expect([await record(goal), await store.events(goal)]).toEqual(before);
    expect(await learned('repeated')).toEqual([{ successes: 1, failures: 0 }]);
    expect(await closing(goal).lessons([])).toMatchObject({ state: 'succeeded' });
  });

  it('happens once when several attempts come at the same time', async () => {
    const goal = await store.planned([step]);
    const attempts = Array.from({ length: 10 }, () => {
      const lesson = aLesson({ tools: [{ tool: 'raced', successes: 1, failures: 0, durationMs: 5 }] });
      return closing(goal).close(succeed({ lesson }));
    });
    expect((await Promise.all(attempts)).filter((isFirst) => isFirst)).toEqual([true]);
    expect(await learned('raced')).toEqual([{ successes: 1, failures: 0 }]);
    expect(await store.events(goal)).toHaveLength(4);
  });

  it('is not success without a check, and leaves nothing of what it would have taught', async () => {
    const goal = await store.planned([step]);
    const lesson = aLesson({ tools: [{ tool: 'unchecked', successes: 1, failures: 0, durationMs: 5 }] });
    await expect(closing(goal).close(succeed({ verified: false, lesson }))).rejects.toThrow(/check/);
    expect(await record(goal)).toMatchObject({ state: 'running' });
    expect(await store.events(goal)).toHaveLength(2);
    expect(await learned('unchecked')).toEqual([]);
  });
});
