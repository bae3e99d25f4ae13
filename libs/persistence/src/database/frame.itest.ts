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
import type { BeginCall, FinishCall } from '../observation/call';
import { CallRepository, GoalStoppedError } from '../observation/call.repository';
import { EffectRepository } from '../tools/effect.repository';
import type { FrameTx } from './frame';

const step = aPlanStep('write');
const completed = { type: 'step.completed', data: {} };

/** What a tool may write: a row that nothing else in these tests touches. */
const write = (tx: FrameTx, tool: string) =>
  tx.query('INSERT INTO tool_stat (tenant_id, tool) VALUES (gk_tenant(), $1)', [tool]);

describe('a frame', () => {
  let store: TestStore;
  const within = <T>(goal: StoredGoal, ...[call, work]: Parameters<typeof CallRepository.prototype.within<T>>) =>
    new CallRepository(store.database, goal).within(call, work);
  const written = (tool: string) => store.server.query('SELECT tool FROM tool_stat WHERE tool = $1', [tool]);
  const ledger = (goal: StoredGoal) => store.inTenant((tx) => new EffectRepository(tx).list(goal.goalId));
  const transactional = (told: Partial<BeginCall> = {}) =>
    aBeginCall(step, { effect: { key: newId(), intent: 'i', class: 'transactional' }, ...told });
  const settling = ({ effect }: BeginCall, told: Partial<FinishCall> = {}): FinishCall =>
    aFinishCall(step, {
      effect: { key: effect?.key ?? '', state: 'confirmed', result: { id: 7 } },
      eventsAfter: [completed],
      ...told,
    });
  /** Nothing of a call is stored: the goal is as its plan left it. */
  const expectNoTrace = async (goal: StoredGoal) => {
    expect(await store.steps(goal)).toMatchObject([{ state: 'pending', calls: 0, attempts: 0, tool: null }]);
    expect(await store.calls(goal)).toEqual([]);
    expect(await ledger(goal)).toEqual([]);
    expect(await store.events(goal)).toHaveLength(2);
    expect(await store.server.query('SELECT FROM decision WHERE goal_id = $1', [goal.goalId])).toEqual([]);
  };

  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  it('keeps what its work wrote, with the beginning and the result of the call', async () => {
    const goal = await store.planned([step]);
    const call = transactional();
    const result = await within(goal, call, async (begun, tx) => {
      expect(begun).toMatchObject({ attempts: 1, stored: null, claimed: { granted: true, attempts: 1 } });
      await write(tx, 'kept');
      expect(await tx.query('SELECT tool FROM tool_stat')).toEqual([{ tool: 'kept' }]);
      return { result: 'done', finish: settling(call) };
    });
    expect(result).toBe('done');
    expect(await written('kept')).toHaveLength(1);
    expect(await store.steps(goal)).toMatchObject([{ state: 'succeeded', calls: 1 }]);
    expect(await store.calls(goal)).toMatchObject([{ outcome: 'success', observation: anObservation(step.id) }]);
    expect(await ledger(goal)).toMatchObject([{ state: 'confirmed', result: { id: 7 } }]);
    expect((await store.events(goal)).slice(2)).toMatchObject([completed]);
  });

  it('answers a call that is finished, or whose effect is confirmed, from what is stored', async () => {
    const goal = await store.planned([step]);
    const call = transactional();
    const failed = {
      observation: anObservation(step.id, { outcome: 'failure' }),
      state: 'failed',
      output: null,
    } as const;
    await within(goal, call, async () => ({ result: null, finish: settling(call, failed) }));
    const again = await within(goal, call, async (begun) => ({ result: begun, finish: null }));
    expect(again).toEqual({ attempts: 0, stored: failed.observation });
    const next = await within(goal, { ...call, callNo: 2 }, async (begun) => ({ result: begun, finish: null }));
    const claimed = { granted: false, state: 'confirmed', result: { id: 7 }, attempts: 1 };
    expect(next).toEqual({ attempts: 1, stored: null, claimed });
  });

  it('keeps nothing when its work throws, neither what was written nor that it began', async () => {
    const goal = await store.planned([step]);
    const crashed = within(goal, transactional(), async (_begun, tx) => {
      await write(tx, 'lost');
      throw new Error('crash');
    });
    await expect(crashed).rejects.toThrow('crash');
    await expectNoTrace(goal);
    expect(await written('lost')).toEqual([]);
  });

  it('keeps nothing when its work comes to nothing', async () => {
    const goal = await store.planned([step]);
    const work = async (_begun: unknown, tx: FrameTx) => ({ result: await write(tx, 'null'), finish: null });
    expect(await within(goal, transactional(), work)).toEqual([]);
    await expectNoTrace(goal);
    expect(await written('null')).toEqual([]);
  });

  it('keeps nothing when the goal was told to stop meanwhile', async () => {
    const goal = await store.planned([step]);
    const call = transactional();
    const stopped = within(goal, call, async (_begun, tx) => {
      await write(tx, 'stopped');
      await store.force(goal, 'cancelling');
      return { result: null, finish: settling(call, { refuseWhen: ['cancelling'] }) };
    });
    await expect(stopped).rejects.toThrow(GoalStoppedError);
    await expectNoTrace(goal);
    expect(await written('stopped')).toEqual([]);
  });

  it('keeps nothing, and says so, when its work went on after a failed statement', async () => {
    const goal = await store.planned([step]);
    const call = transactional();
    const swallowed = within(goal, call, async (_begun, tx) => {
      await write(tx, 'aborted');
      await tx.query('SELECT 1/0').catch(() => 'ignored');
      return { result: null, finish: settling(call) };
    });
    await expect(swallowed).rejects.toThrow(/current transaction is aborted/);
    await expectNoTrace(goal);
    expect(await written('aborted')).toEqual([]);
  });

  it.each([
    ['finished', async () => undefined],
    ['broke off with an error', async (tx: FrameTx) => void (await tx.query('SELECT 1/0').catch(() => 'ignored'))],
  ])('takes back what a tool wrote that %s, and keeps the record of its failure', async (what, end) => {
    const goal = await store.planned([step]);
    const call = transactional();
    const observation = anObservation(step.id, { outcome: 'failure', summary: 'no' });
    await within(goal, call, async (_begun, tx) => {
      await write(tx, `undone ${what}`);
      await end(tx);
      await tx.undo();
      expect(await tx.query('SELECT FROM tool_stat WHERE tool = $1', [`undone ${what}`])).toEqual([]);
      const effect = { key: call.effect?.key ?? '', state: 'failed', result: null } as const;
      return { result: null, finish: settling(call, { observation, state: 'failed', output: null, effect }) };
    });
    expect(await written(`undone ${what}`)).toEqual([]);
    expect(await store.steps(goal)).toMatchObject([{ state: 'failed', calls: 1, output: null }]);
    expect(await store.calls(goal)).toMatchObject([{ outcome: 'failure', observation }]);
    expect(await ledger(goal)).toMatchObject([{ state: 'failed', attempts: 1 }]);
    expect((await store.events(goal)).slice(2)).toMatchObject([completed]);
  });

  it('makes two workers with the same call take turns: one writes, the other hears of it', async () => {
    const goal = await store.planned([step]);
    const call = transactional();
    const worker = (name: string) =>
      within(goal, call, async ({ stored }, tx) => {
        if (stored) return { result: stored.summary, finish: null };
        await write(tx, 'turns');
        await store.untilSomebodyWaits();
        const observation = anObservation(step.id, { summary: name });
        return { result: name, finish: settling(call, { observation }) };
      });
    const [first, second] = await Promise.all([worker('first'), worker('second')]);
    expect(first).toBe(second);
    expect(await written('turns')).toHaveLength(1);
    expect(await store.calls(goal)).toMatchObject([{ attempts: 1, observation: { summary: first } }]);
    expect((await store.events(goal)).slice(2)).toMatchObject([completed]);
  });

  it('lets one result stand, and its writes with it, when another attempt brings one from outside', async () => {
    const goal = await store.planned([step]);
    const call = transactional();
    let outside: Promise<unknown> = Promise.resolve();
    const inside = anObservation(step.id, { summary: 'inside' });
    await within(goal, call, async ({ stored }, tx) => {
      if (stored) return { result: null, finish: null };
      await write(tx, 'inside');
      const told = { observation: anObservation(step.id, { summary: 'outside' }) };
      outside = new CallRepository(store.database, goal).finish(aFinishCall(step, told));
      await store.untilSomebodyWaits();
      return { result: null, finish: settling(call, { observation: inside }) };
    });
    const isInside = (await store.calls(goal))[0]?.observation?.summary === 'inside';
    expect(await outside).toEqual(isInside ? { end: 'known', observation: inside } : { end: 'stored' });
    expect(await written('inside')).toHaveLength(isInside ? 1 : 0);
  });

  it("takes no statement when its work is over: the connection may be another tenant's by then", async () => {
    const goal = await store.planned([step]);
    const call = transactional();
    const late: FrameTx[] = [];
    await within(goal, call, async (_begun, tx) => ({ result: late.push(tx), finish: settling(call) }));
    const crashed = within(goal, call, async (_begun, tx) => {
      late.push(tx);
      throw new Error('crash');
    });
    await expect(crashed).rejects.toThrow('crash');
    for (const tx of late) {
      await expect(write(tx, 'late')).rejects.toThrow('The transaction is over');
      await expect(tx.undo()).rejects.toThrow('The transaction is over');
    }
    expect(await written('late')).toEqual([]);
  });

  it('ends with its connection: nothing is kept, and the next one gets another', async () => {
    const goal = await store.planned([step]);
    const call = transactional();
    const cut = within(goal, call, async (_begun, tx) => {
      await write(tx, 'cut');
      const [backend] = await tx.query('SELECT pg_backend_pid() AS pid');
      await store.server.query('SELECT pg_terminate_backend($1)', [backend?.pid]);
      return { result: null, finish: settling(call) };
    });
    await expect(cut).rejects.toThrow();
    await expectNoTrace(goal);
    expect(await written('cut')).toEqual([]);
    await within(goal, call, async () => ({ result: null, finish: settling(call) }));
    expect(await store.steps(goal)).toMatchObject([{ state: 'succeeded' }]);
  });
});
