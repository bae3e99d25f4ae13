import type { Analysis, Judgement } from '@goalkeeper/domain';
import {
  aBeginCall,
  aDecision,
  aFinishCall,
  anObservation,
  aPlanStep,
  openTestStore,
  type StoredGoal,
  type TestStore,
} from '@goalkeeper/testing';
import { ClosingRepository } from '../goals/closing.repository';
import { newId } from '../ids';
import { PlanStore } from '../planning/plan.repository';
import { EffectRepository } from '../tools/effect.repository';
import type { BeginCall, FinishCall } from './call';
import { CallRepository } from './call.repository';
import { VerificationRepository, VerificationStore } from './verification.repository';

const step = aPlanStep('profile');
const next = aPlanStep('next');
const BEGUN = { attempts: 1, stored: null, claimed: null };
const FAILED: Partial<FinishCall> = {
  observation: anObservation(step.id, { outcome: 'failure', summary: 'no' }),
  state: 'failed',
  output: null,
};

describe('steps', () => {
  let store: TestStore;
  const calls = (goal: StoredGoal) => new CallRepository(store.database, goal);
  const begin = (goal: StoredGoal, told?: Partial<BeginCall>) => calls(goal).begin(aBeginCall(step, told));
  const finish = (goal: StoredGoal, told?: Partial<FinishCall>) => calls(goal).finish(aFinishCall(step, told));

  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  it('keep everything about a call: decision, action, observation, output', async () => {
    const goal = await store.planned([step]);
    expect(await begin(goal)).toEqual(BEGUN);
    expect(await calls(goal).outputs([step.id])).toEqual({});
    expect(await finish(goal)).toEqual({ end: 'stored' });
    expect(await calls(goal).outputs([step.id, 'never'])).toEqual({ [step.id]: { rows: 3 } });
    expect(await calls(goal).outputs([])).toEqual({});
    const shown = { id: step.id, state: 'succeeded', calls: 1, attempts: 0, tool: 'test.echo', summary: 'echoed' };
    expect(await store.steps(goal)).toMatchObject([{ ...shown, output: { rows: 3 } }]);
    expect(await store.calls(goal)).toMatchObject([
      {
        callNo: 1,
        args: { n: 1 },
        idempotencyKey: 'key',
        outcome: 'success',
        decision: aDecision(step.id),
        observation: anObservation(step.id),
        finishedAt: expect.any(Date),
      },
    ]);
  });

  it('answer a repeated call, and any call of a completed step, from what is stored', async () => {
    const goal = await store.planned([step]);
    await begin(goal);
    await finish(goal);
    expect(await begin(goal)).toEqual({ attempts: 0, stored: anObservation(step.id) });
    expect(await begin(goal, { callNo: 2 })).toEqual({ attempts: 0, stored: anObservation(step.id) });
    await finish(goal, { ...FAILED, callNo: 2 });
    expect(await store.steps(goal)).toMatchObject([{ state: 'succeeded', calls: 1, output: { rows: 3 } }]);
  });

  it('answer a failed call that is repeated with its failure, and let the next call through', async () => {
    const goal = await store.planned([step]);
    await begin(goal);
    await finish(goal, FAILED);
    expect(await begin(goal)).toEqual({ attempts: 0, stored: FAILED.observation });
    expect(await begin(goal, { callNo: 2 })).toEqual(BEGUN);
    await finish(goal, { callNo: 2 });
    expect(await store.calls(goal)).toMatchObject([
      { callNo: 1, outcome: 'failure', observation: FAILED.observation },
      { callNo: 2, outcome: 'success', observation: anObservation(step.id) },
    ]);
    expect(await begin(goal)).toEqual({ attempts: 0, stored: FAILED.observation });
    expect(await begin(goal, { callNo: 3 })).toEqual({ attempts: 0, stored: anObservation(step.id) });
  });

  it('count how often a call was begun without an end, for the call that kills its worker', async () => {
    const goal = await store.planned([step]);
    const attempts = [await begin(goal), await begin(goal), await begin(goal)].map((begun) => begun.attempts);
    expect(attempts).toEqual([1, 2, 3]);
    expect(await store.calls(goal)).toMatchObject([{ callNo: 1, attempts: 3 }]);
    await finish(goal, FAILED);
    expect(await begin(goal, { callNo: 2 })).toEqual(BEGUN);
  });

  it('tell their readers which attempt began', async () => {
    const goal = await store.planned([step]);
    const events: BeginCall['events'] = {
      first: { type: 'step.started', stepId: step.id, data: { callNo: 1 } },
      again: { type: 'activity.attempt_failed', stepId: step.id, data: { reason: 'no end' } },
    };
    for (let attempt = 1; attempt <= 3; attempt += 1) await begin(goal, { events, refuseWhen: ['paused'] });
    const told = (await store.events(goal)).slice(2);
    expect(told.map(({ seq, type, stepId, actor, data }) => [seq, type, stepId, actor, data])).toEqual([
      [3, 'step.started', step.id, 'system', { callNo: 1 }],
      [4, 'activity.attempt_failed', step.id, 'system', { reason: 'no end', attempt: 2 }],
      [5, 'activity.attempt_failed', step.id, 'system', { reason: 'no end', attempt: 3 }],
    ]);
  });

  it('tell a worker that waited for another one what that one stored', async () => {
    const goal = await store.planned([step]);
    const first = anObservation(step.id, { summary: 'first' });
    let waiting: Promise<unknown> = Promise.resolve();
    await calls(goal).within(aBeginCall(step), async () => {
      waiting = Promise.all([
        begin(goal),
        calls(goal).within(aBeginCall(step), async (begun) => ({ result: begun, finish: null })),
      ]);
      await store.untilSomebodyWaits();
      return { result: null, finish: aFinishCall(step, { observation: first }) };
    });
    expect(await waiting).toEqual([
      { attempts: 0, stored: first },
      { attempts: 0, stored: first },
    ]);
    expect(await store.calls(goal)).toMatchObject([{ attempts: 1, observation: first }]);
  });

  it('settle the ledger and store earlier judgements with the result', async () => {
    const goal = await store.planned([step, next]);
    const analysis: Analysis = { stepId: step.id, next: 'continue', reason: 'done', progress: 0.5, retryAfterMs: 0 };
    await begin(goal);
    await finish(goal);
    const key = newId();
    const result = { far: 'side' };
    await calls(goal).begin(aBeginCall(next, { effect: { key, intent: 'i', class: 'idempotent' } }));
    const effect = { key, state: 'confirmed', result } as const;
    await calls(goal).finish(aFinishCall(next, { output: result, effect, analyses: [{ ...analysis, callNo: 1 }] }));
    expect((await store.calls(goal)).map((one) => one.analysis)).toEqual([analysis, null]);
    expect(await store.inTenant((tx) => new EffectRepository(tx).list(goal.goalId))).toMatchObject([
      {
        key,
        stepId: next.id,
        lineage: 'next',
        tool: 'test.echo',
        state: 'confirmed',
        result,
        settledAt: expect.any(Date),
      },
    ]);
    const last = { ...analysis, stepId: next.id, next: 'finish' as const, progress: 1 };
    const waiting = [last, { ...analysis, reason: 'too late' }].map((one) => ({ ...one, callNo: 1 }));
    await new ClosingRepository(store.database, goal).lessons(waiting);
    expect((await store.calls(goal)).map((one) => one.analysis)).toEqual([analysis, last]);
  });

  it.each([
    ['a plan', (goal: StoredGoal, of: Judgement) => new PlanStore(store.database, goal).state([of])],
    ['an end', (goal: StoredGoal, of: Judgement) => new ClosingRepository(store.database, goal).lessons([of])],
    [
      'a check',
      (goal: StoredGoal, of: Judgement) => {
        const found = { revision: 1, holds: true, evidence: [], events: [], analyses: [of] };
        return new VerificationStore(store.database, goal).save(found);
      },
    ],
    ['a result', (goal: StoredGoal, of: Judgement) => calls(goal).finish(aFinishCall(next, { analyses: [of] }))],
  ])('keep a judgement with the call it is of, when it comes with %s', async (_what, bring) => {
    const goal = await store.planned([step, next]);
    const analysis: Analysis = { stepId: step.id, next: 'continue', reason: 'done', progress: 1, retryAfterMs: 0 };
    await begin(goal);
    await finish(goal, FAILED);
    await begin(goal, { callNo: 2 });
    await finish(goal, { callNo: 2 });
    await calls(goal).begin(aBeginCall(next));
    await bring(goal, { ...analysis, callNo: 2 });
    expect((await store.calls(goal)).map((one) => [one.stepId, one.callNo, one.analysis])).toEqual([
      [step.id, 1, null],
      [step.id, 2, analysis],
      [next.id, 1, null],
    ]);
  });

  it('leave a call unjudged that brings the judgement of the one before it', async () => {
    const goal = await store.planned([step]);
    const again: Analysis = { stepId: step.id, next: 'retry', reason: 'busy', progress: 0, retryAfterMs: 10 };
    await begin(goal);
    await finish(goal, FAILED);
    await begin(goal, { callNo: 2 });
    expect(await finish(goal, { callNo: 2, analyses: [{ ...again, callNo: 1 }] })).toEqual({ end: 'stored' });
    expect(await finish(goal, { callNo: 2, analyses: [{ ...again, callNo: 1 }] })).toMatchObject({ end: 'known' });
    expect((await store.calls(goal)).map((one) => one.analysis)).toEqual([again, null]);
    const done: Analysis = { ...again, next: 'continue', progress: 1 };
    await new PlanStore(store.database, goal).state([{ ...done, callNo: 2 }]);
    expect((await store.calls(goal)).map((one) => one.analysis)).toEqual([again, done]);
  });

  it('cannot begin for a goal that is not there', async () => {
    const nowhere = { tenantId: store.tenantId, goalId: newId() };
    await expect(begin(nowhere)).rejects.toMatchObject({ code: 'database.row_missing' });
    const framed = calls(nowhere).within(aBeginCall(step), async () => ({ result: null, finish: null }));
    await expect(framed).rejects.toMatchObject({ code: 'database.row_missing' });
  });

  it('keep the first result of a call that two attempts brought back', async () => {
    const goal = await store.planned([step]);
    await begin(goal);
    expect(await finish(goal, FAILED)).toEqual({ end: 'stored' });
    const event = { type: 'step.completed', data: {} };
    expect(await finish(goal, { eventsAfter: [event] })).toEqual({ end: 'known', observation: FAILED.observation });
    expect(await store.steps(goal)).toMatchObject([{ state: 'failed', output: null }]);
    expect(await store.calls(goal)).toMatchObject([{ outcome: 'failure', observation: FAILED.observation }]);
    expect(await store.events(goal)).toHaveLength(2);
  });

  it('are closed by a check that is stored by revision', async () => {
    const goal = await store.planned([step]);
    const evidence = [{ check: 'rows', holds: false, seen: '2 of 3' }];
    const findings = new VerificationStore(store.database, goal);
    const told = { revision: 1, analyses: [], events: [{ type: 'goal.verified', data: {} }] };
    await findings.save({ ...told, holds: false, evidence });
    await findings.save({ ...told, holds: true, evidence: [] });
    const latest = await store.inTenant((tx) => new VerificationRepository(tx).latest(goal.goalId));
    expect(latest).toEqual({ revision: 1, holds: true, evidence: [], createdAt: expect.any(Date) });
    expect((await store.events(goal)).slice(2).map(({ type }) => type)).toEqual(['goal.verified', 'goal.verified']);
  });

  it('are told of once when a check is repeated that finds the same', async () => {
    const goal = await store.planned([step]);
    const findings = new VerificationStore(store.database, goal);
    const evidence = [{ check: 'rows', holds: true, seen: '3 of 3' }];
    const found = { revision: 1, holds: true, evidence, analyses: [], events: [{ type: 'goal.verified', data: {} }] };
    await Promise.all([findings.save(found), findings.save(found)]);
    await findings.save(found);
    expect((await store.events(goal)).slice(2).map(({ type }) => type)).toEqual(['goal.verified']);
  });

  it('keep the check that their goal ended with', async () => {
    const goal = await store.planned([step]);
    const findings = new VerificationStore(store.database, goal);
    const found = { revision: 1, evidence: [], analyses: [], events: [{ type: 'goal.verified', data: {} }] };
    await findings.save({ ...found, holds: true });
    const end = { to: 'succeeded', reason: 'checked', failure: null, verified: true, lesson: null } as const;
    await new ClosingRepository(store.database, goal).close(end);
    await findings.save({ ...found, holds: false });
    const latest = await store.inTenant((tx) => new VerificationRepository(tx).latest(goal.goalId));
    expect(latest).toMatchObject({ holds: true });
    const told = (await store.events(goal)).slice(2).map(({ type }) => type);
    expect(told).toEqual(['goal.verified', 'goal.state_changed']);
  });
});
