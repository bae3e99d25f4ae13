import { openTestStore, type TestStore } from '@goalkeeper/testing';
import type { NewQuestion } from '@goalkeeper/domain';
import { newId } from '../ids';
import { CommandRepository } from '../commands/command.repository';
import { GoalRepository } from './goal.repository';
import { type QuestionRecord, QuestionRepository } from './question.repository';
import { SettlementRepository } from './settlement.repository';

const ASKED: Omit<NewQuestion, 'key'> = {
  ...{ kind: 'intent' as const, text: 'Which?', schema: null, context: {} },
  choices: [
    { id: 'a', label: 'A', value: { name: 't', args: {} } },
    { id: 'b', label: 'B' },
  ],
  onExpiry: { choice: 'b', value: null },
};

describe('questions', () => {
  let store: TestStore;
  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  const ask = (goalId: string, withinMs = 60_000, key = 'intent'): Promise<QuestionRecord> =>
    store.inTenant((tx) => new QuestionRepository(tx).ask(goalId, { ...ASKED, key, id: newId() }, withinMs));
  const stateOf = async (goalId: string): Promise<string | undefined> =>
    (await store.inTenant((tx) => new GoalRepository(tx).get(goalId)))?.state;
  const say = (question: QuestionRecord, choice: string, by: string): Promise<boolean> =>
    store.inTenant((tx) => new QuestionRepository(tx).answer(question, { choice, value: null }, by));

  it('are asked once under their key, and the goal waits', async () => {
    const { goalId } = await store.planned([]);
    const [first, second] = [await ask(goalId), await ask(goalId)];
    expect(second.id).toBe(first.id);
    expect(await stateOf(goalId)).toBe('waiting_input');
    const told = await store.server.query('SELECT type FROM goal_event WHERE goal_id = $1 ORDER BY seq', [goalId]);
    const types = told.map(({ type }) => type);
    expect(types.filter((type) => type === 'input.requested')).toHaveLength(1);
    expect(types.at(-1)).toBe('goal.state_changed');
  });

  it('take one of two answers given at once', async () => {
    const { goalId } = await store.planned([]);
    const question = await ask(goalId);
    const taken = await Promise.all([say(question, 'a', 'ann'), say(question, 'b', 'bob')]);
    expect(taken.filter(Boolean)).toHaveLength(1);
    const kept = await store.inTenant((tx) => new QuestionRepository(tx).get(question.id));
    expect(kept?.answer).toMatchObject(taken[0] ? { choice: 'a', by: 'ann' } : { choice: 'b', by: 'bob' });
    expect((await ask(goalId)).answer).toEqual(kept?.answer); // asked again after a crash
  });

  it('end with their default when the time is over, unless somebody answered in the last moment', async () => {
    const { goalId } = await store.planned([]);
    const [late, timely] = [await ask(goalId, 1, 'late'), await ask(goalId, 60_000, 'timely')];
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await say(late, 'a', 'ann')).toBe(false);
    expect(await say(timely, 'a', 'ann')).toBe(true);
    const end = (id: string) => store.inTenant((tx) => new QuestionRepository(tx).expire(id, 'running'));
    expect(await end(late.id)).toEqual({ choice: 'b', value: null, by: 'nobody' });
    expect(await end(late.id)).toEqual({ choice: 'b', value: null, by: 'nobody' });
    expect(await end(timely.id)).toEqual({ choice: 'a', value: null, by: 'ann' });
    expect(await stateOf(goalId)).toBe('running');
  });

  it('leave a goal alone that was stopped or let rest', async () => {
    const { goalId } = await store.planned([]);
    await store.inTenant((tx) => new GoalRepository(tx).transition(goalId, { to: 'paused', reason: '' }));
    await ask(goalId);
    expect(await stateOf(goalId)).toBe('paused');
  });

  it('are listed while open, of goals that have not ended', async () => {
    const { goalId } = await store.planned([]);
    const question = await ask(goalId);
    const open = async (): Promise<string[]> =>
      (await store.inTenant((tx) => new QuestionRepository(tx).open(100))).map(({ id }) => id);
    expect(await open()).toContain(question.id);
    await store.inTenant((tx) => new GoalRepository(tx).transition(goalId, { to: 'cancelled', reason: '' }));
    expect(await open()).not.toContain(question.id);
  });

  it('let an effect be settled once only: what went out since is not let out again', async () => {
    const { goalId } = await store.planned([]);
    const question = await ask(goalId, 60_000, 'effect:s#0:1');
    await say(question, 'a', 'ann');
    await store.server.query(
      `INSERT INTO effect (tenant_id, key, goal_id, step_id, lineage, tool, intent, occurrence, class, state, attempts)
       VALUES ($1, $2, $3, 's#0', 's', 't', 'i', 0, 'once', 'dispatched', 1)`,
      [store.tenantId, `key-${goalId}`, goalId],
    );
    const call = { goalId, stepId: 's#0', tool: 't', callNo: 1 };
    const settle = () => store.inTenant((tx) => new SettlementRepository(tx).settle(call, null));
    const state = async () =>
      (await store.server.query('SELECT state FROM effect WHERE goal_id = $1', [goalId]))[0]?.['state'];
    await settle();
    expect(await state()).toBe('failed');
    await store.server.query(`UPDATE effect SET state = 'dispatched' WHERE goal_id = $1`, [goalId]);
    await settle();
    expect(await state()).toBe('dispatched');
  });

  it('travel to the goal as commands with what was said', async () => {
    const { goalId } = await store.planned([]);
    const payload = { questionId: newId(), choice: 'a', value: null, by: 'ann' };
    const command = { id: newId(), goalId, kind: 'answer', reason: '', payload, requestedBy: 'ann' };
    await store.inTenant((tx) => new CommandRepository(tx).add(command));
    const [kept] = await store.inTenant((tx) => new CommandRepository(tx).open(goalId));
    expect(kept).toMatchObject({ kind: 'answer', payload });
  });
});
