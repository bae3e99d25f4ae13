import type { Analysis, Fact, Observation } from '@goalkeeper/domain';
import {
  aDecision,
  aGoal,
  anObservation,
  aPlan,
  aPlanStep,
  createTestDatabase,
  type TestDatabase,
} from '@goalkeeper/testing';
import type { EntityManager } from 'typeorm';
import { openDatabase, type Database } from '../database/database';
import { GoalRepository } from '../goals/goal.repository';
import { newId } from '../ids';
import { PlanRepository } from '../planning/plan.repository';
import { TenantRepository } from '../tenants/tenant.repository';
import { EffectRepository } from '../tools/effect.repository';
import type { BeginStep } from './step';
import { StepRepository } from './step.repository';
import { VerificationRepository } from './verification.repository';

const A = newId();
const log = { info: () => undefined, warn: () => undefined };
const step = aPlanStep('profile');
const fact = (name: string): Fact => ({ predicate: 'has', args: [name] });
const call = (told: Partial<BeginStep> = {}): BeginStep => ({
  step,
  planRevision: 1,
  callNo: 1,
  decision: aDecision(step.id),
  tool: 'test.echo',
  args: { n: 1 },
  idempotencyKey: 'key',
  ...told,
});

describe('steps', () => {
  let server: TestDatabase;
  let database: Database;
  const inTenant = <T>(work: (tx: EntityManager) => Promise<T>) => database.tenant(A, work);
  const begin = (goalId: string, told: Partial<BeginStep> = {}) =>
    inTenant((tx) => new StepRepository(tx).begin(goalId, call(told)));
  const finish = (
    goalId: string,
    told: { callNo?: number; observation?: Observation; state?: 'succeeded' | 'failed' } = {},
  ) =>
    inTenant((tx) =>
      new StepRepository(tx).finish(goalId, {
        stepId: step.id,
        callNo: told.callNo ?? 1,
        observation: told.observation ?? anObservation(step.id),
        state: told.state ?? 'succeeded',
        output: told.state === 'failed' ? null : { rows: 3 },
      }),
    );
  const planned = async (...steps: (typeof step)[]) => {
    const goal = aGoal({ tenantId: A });
    await inTenant(async (tx) => {
      await new GoalRepository(tx).accept(goal, []);
      await new PlanRepository(tx).save(goal.id, aPlan(steps.length > 0 ? steps : [step]));
    });
    return goal.id;
  };

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 10, migrate: true, log });
    await database.tenant(A, (tx) => new TenantRepository(tx).add({ id: A, name: 'A' }));
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('keep everything about a call: decision, action, observation, output', async () => {
    const goalId = await planned();
    expect(await begin(goalId)).toEqual({ attempts: 1, stored: null });
    await finish(goalId);
    const repository = <T>(work: (steps: StepRepository) => Promise<T>) =>
      inTenant((tx) => work(new StepRepository(tx)));
    expect(await repository((steps) => steps.outputs(goalId, [step.id]))).toEqual({ [step.id]: { rows: 3 } });
    expect(await repository((steps) => steps.list(goalId))).toMatchObject([
      {
        id: step.id,
        state: 'succeeded',
        calls: 1,
        attempts: 0,
        tool: 'test.echo',
        summary: 'echoed',
        output: { rows: 3 },
      },
    ]);
    expect(await repository((steps) => steps.calls(goalId))).toMatchObject([
      {
        callNo: 1,
        args: { n: 1 },
        idempotencyKey: 'key',
        outcome: 'success',
        decision: aDecision(step.id),
        observation: anObservation(step.id),
      },
    ]);
  });

  it('answer a repeated call, and any call of a completed step, from what is stored', async () => {
    const goalId = await planned();
    await begin(goalId);
    await finish(goalId);
    expect(await begin(goalId)).toEqual({ attempts: 0, stored: anObservation(step.id) });
    expect(await begin(goalId, { callNo: 2 })).toEqual({ attempts: 0, stored: anObservation(step.id) });
    await finish(goalId, { callNo: 2, state: 'failed', observation: anObservation(step.id, { outcome: 'failure' }) });
    expect(await inTenant((tx) => new StepRepository(tx).list(goalId))).toMatchObject([
      { state: 'succeeded', calls: 1 },
    ]);
  });

  it('answer a failed call that is repeated with its failure, and let the next call through', async () => {
    const goalId = await planned();
    const failure = anObservation(step.id, { outcome: 'failure', summary: 'no' });
    await begin(goalId);
    await finish(goalId, { observation: failure, state: 'failed' });
    expect(await begin(goalId)).toEqual({ attempts: 0, stored: failure });
    expect(await begin(goalId, { callNo: 2 })).toEqual({ attempts: 1, stored: null });
    await finish(goalId, { callNo: 2 });
    expect(await inTenant((tx) => new StepRepository(tx).calls(goalId))).toMatchObject([
      { callNo: 1, outcome: 'failure' },
      { callNo: 2, outcome: 'success' },
    ]);
    expect(await inTenant((tx) => new StepRepository(tx).observation(goalId, step.id))).toMatchObject({
      outcome: 'success',
    });
    expect(await inTenant((tx) => new StepRepository(tx).observation(goalId, step.id, 1))).toEqual(failure);
  });

  it('count how often a call was begun without an end, for the call that kills its worker', async () => {
    const goalId = await planned();
    const attempts = [await begin(goalId), await begin(goalId), await begin(goalId)].map((begun) => begun.attempts);
    expect(attempts).toEqual([1, 2, 3]);
    await finish(goalId, { observation: anObservation(step.id, { outcome: 'failure' }), state: 'failed' });
    expect(await begin(goalId, { callNo: 2 })).toEqual({ attempts: 1, stored: null });
  });

  it('tell a worker that waited for another one what that one stored', async () => {
    const goalId = await planned();
    let waiting: Promise<unknown> = Promise.resolve();
    await inTenant(async (tx) => {
      const steps = new StepRepository(tx);
      await steps.begin(goalId, call());
      waiting = begin(goalId);
      const observation = anObservation(step.id, { summary: 'first' });
      await steps.finish(goalId, { stepId: step.id, callNo: 1, observation, state: 'succeeded', output: {} });
      await waitForLock(server);
    });
    expect(await waiting).toEqual({ attempts: 0, stored: anObservation(step.id, { summary: 'first' }) });
  });

  it('settle the ledger and store earlier judgements in the same statement', async () => {
    const goalId = await planned(step, aPlanStep('next'));
    const analysis: Analysis = { stepId: step.id, next: 'continue', reason: 'done', progress: 0.5, retryAfterMs: 0 };
    await begin(goalId);
    await finish(goalId);
    const key = newId();
    await inTenant(async (tx) => {
      const next = aPlanStep('next');
      const effect = { key, goalId, stepId: next.id, lineage: 'next', tool: 'test.echo', intent: 'i', occurrence: 0 };
      await new EffectRepository(tx).claim({ ...effect, class: 'idempotent' });
      await new StepRepository(tx).begin(goalId, call({ step: next, decision: aDecision(next.id) }));
      await new StepRepository(tx).finish(goalId, {
        stepId: next.id,
        callNo: 1,
        observation: anObservation(next.id),
        state: 'succeeded',
        output: { far: 'side' },
        effect: { key, state: 'confirmed', result: { far: 'side' } },
        analyses: [analysis],
      });
    });
    const calls = await inTenant((tx) => new StepRepository(tx).calls(goalId));
    expect(calls.map((one) => one.analysis)).toEqual([analysis, null]);
    expect(await inTenant((tx) => new EffectRepository(tx).list(goalId))).toMatchObject([
      { key, state: 'confirmed', result: { far: 'side' }, settledAt: expect.any(Date) },
    ]);
    const last = { ...analysis, stepId: 'next#0', next: 'finish' as const, progress: 1 };
    await inTenant((tx) => new StepRepository(tx).saveAnalyses(goalId, [last, { ...analysis, reason: 'too late' }]));
    const judged = await inTenant((tx) => new StepRepository(tx).calls(goalId));
    expect(judged.map((one) => one.analysis)).toEqual([analysis, last]);
  });

  it('cannot begin for a goal that is not there', async () => {
    await expect(begin(newId())).rejects.toMatchObject({ code: 'database.row_missing' });
  });

  it('of a new revision keep what succeeded, drop what is gone and say what changed', async () => {
    const [kept, gone, fresh] = [aPlanStep('profile'), aPlanStep('gone'), aPlanStep('fresh')];
    const goalId = await planned(kept, gone);
    await begin(goalId);
    await finish(goalId, {
      observation: anObservation(step.id, { factsAdded: [fact('a'), fact('b')], factsRemoved: [] }),
    });
    const second = aPlan([kept, fresh], { revision: 2, reason: 'repairs gone' });
    expect(await inTenant((tx) => new PlanRepository(tx).save(goalId, second))).toBe(true);
    expect(await inTenant((tx) => new PlanRepository(tx).save(goalId, aPlan([], { revision: 2 })))).toBe(false);

    expect(await inTenant((tx) => new PlanRepository(tx).latest(goalId))).toMatchObject({
      plan: second,
      diff: { added: ['fresh#0'], removed: ['gone#0'], kept: ['profile#0'] },
    });
    expect(await inTenant((tx) => new PlanRepository(tx).get(goalId, 1))).toMatchObject({
      diff: null,
      plan: { revision: 1 },
    });
    const states = await inTenant((tx) => new StepRepository(tx).list(goalId));
    expect(Object.fromEntries(states.map(({ id, state }) => [id, state]))).toEqual({
      'profile#0': 'succeeded',
      'fresh#0': 'pending',
      'gone#0': 'skipped',
    });
    await begin(goalId, { step: fresh, decision: aDecision(fresh.id) });
    await inTenant((tx) =>
      new StepRepository(tx).finish(goalId, {
        stepId: fresh.id,
        callNo: 1,
        observation: anObservation(fresh.id, { factsRemoved: [fact('a')], factsAdded: [fact('c')] }),
        state: 'succeeded',
        output: null,
      }),
    );
    expect(await inTenant((tx) => new PlanRepository(tx).stepStates(goalId))).toEqual({
      succeeded: ['profile#0', 'fresh#0'],
      facts: [fact('b'), fact('c')],
      callsMade: 0,
    });
  });

  it('keep the first result of a call that two attempts brought back', async () => {
    const goalId = await planned();
    await begin(goalId);
    const late = anObservation(step.id, { outcome: 'failure', summary: 'came late' });
    const finishOnce = (observation: typeof late, state: 'succeeded' | 'failed'): Promise<boolean> =>
      inTenant((tx) =>
        new StepRepository(tx).finish(goalId, { stepId: step.id, callNo: 1, observation, state, output: null }),
      );
    expect(await finishOnce(late, 'failed')).toBe(true);
    expect(await finishOnce(anObservation(step.id), 'succeeded')).toBe(false);
    expect(await inTenant((tx) => new StepRepository(tx).list(goalId))).toMatchObject([{ state: 'failed' }]);
    expect(await inTenant((tx) => new StepRepository(tx).observation(goalId, step.id))).toEqual(late);
  });

  it('are closed by a check that is stored by revision', async () => {
    const goalId = await planned();
    const evidence = [{ check: 'rows', holds: false, seen: '2 of 3' }];
    await inTenant((tx) => new VerificationRepository(tx).save(goalId, 1, { holds: false, evidence }));
    await inTenant((tx) => new VerificationRepository(tx).save(goalId, 1, { holds: true, evidence: [] }));
    const latest = await inTenant((tx) => new VerificationRepository(tx).latest(goalId));
    expect(latest).toEqual({ revision: 1, holds: true, evidence: [], createdAt: expect.any(Date) });
  });
});

/** Until some backend of this database waits for a lock: what the test is about has begun. */
async function waitForLock(server: TestDatabase): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await server.query(waiting)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
