import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { CommandResponse, GoalResponse, parsePublicId, QuestionList } from '@goalkeeper/contracts';
import { GoalRepository, newId, QuestionRepository } from '@goalkeeper/persistence';
import { startApi, type Api } from '../../test/harness';

let db: TestDatabase;
let api: Api;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

/** A goal that asks which of two tasks is meant, as its workflow would. */
async function asking(withinMs = 60_000, keys: readonly string[] = ['intent']): Promise<{ id: string; uuid: string }> {
  const { json } = await api.call('POST', '/v1/goals', { json: { objective: 'sample:cars.json' } });
  const uuid = parsePublicId('goal', json.id) ?? '';
  const task = { name: 't.one', args: { of: 1 } };
  const asked = {
    ...{ kind: 'intent' as const, text: 'Which?', schema: { type: 'integer' }, context: {} },
    choices: [
      { id: 't.one', label: 'One', value: task },
      { id: 'none', label: 'None' },
    ],
    onExpiry: { choice: 'none', value: null },
  };
  for (const key of keys)
    await api.database.tenant(api.tenantId, (tx) =>
      new QuestionRepository(tx).ask(uuid, { ...asked, key, id: newId() }, withinMs),
    );
  return { id: json.id, uuid };
}

const answer = (id: string, json: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', `/v1/goals/${id}/answers`, { json, headers });

describe('an answer', () => {
  it('is stored with the command that carries it, fixes the task, and is written into the audit log', async () => {
    const { id, uuid } = await asking();
    const reply = await answer(id, { choice: 't.one', reason: 'it is clear' });
    expect(reply.status).toBe(202);
    expect(GoalResponse.parse(reply.json)).toMatchObject({ id, task: { name: 't.one', args: { of: 1 } } });
    const command = await api.call('GET', reply.headers.get('location') ?? '');
    expect(CommandResponse.parse(command.json)).toMatchObject({ kind: 'answer', state: 'requested', goalId: id });
    const entries = await db.query('SELECT kind FROM outbox WHERE goal_id = $1 ORDER BY kind', [uuid]);
    expect(entries).toEqual([{ kind: 'command' }, { kind: 'start' }]);
    const [audit] = await db.query(`SELECT reason FROM audit_entry WHERE target = $1 AND action = 'goal.answer'`, [id]);
    expect(audit).toEqual({ reason: 'it is clear' });
    const { json } = await api.call('GET', `/v1/goals/${id}/questions`);
    expect(QuestionList.parse(json).data).toMatchObject([{ state: 'answered', answer: { choice: 't.one' } }]);
    expect(JSON.stringify(json)).not.toContain('"value":{"name"'); // what the goal takes from a choice stays inside
  });

  it('is given once; the same request again gets the same reply', async () => {
    const { id } = await asking();
    const key = { 'idempotency-key': `answer-${id}` };
    expect((await answer(id, { value: 7 }, key)).status).toBe(202);
    const again = await answer(id, { value: 7 }, key);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    expect((await answer(id, { value: 8 }, key)).json.code).toBe('idempotency.reused');
    const other = await answer(id, { choice: 'none' });
    expect([other.status, other.json.code]).toEqual([409, 'question.decided']);
  });

  it.each([
    [{}, '/choice'],
    [{ choice: 't.one', value: 3 }, '/choice'],
    [{ choice: 'else' }, '/choice'],
    [{ value: 'seven' }, '/value'],
  ])('is refused with its place where it does not fit: %j', async (body, pointer) => {
    const { id } = await asking();
    const reply = await answer(id, body);
    expect([reply.status, reply.json.errors[0].pointer]).toEqual([400, pointer]);
  });

  it('comes too late when the time is over, the goal has ended, or nothing was asked', async () => {
    const late = await asking(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await answer(late.id, { choice: 'none' })).json).toMatchObject({ status: 410, code: 'question.expired' });
    const over = await asking();
    await api.database.tenant(api.tenantId, (tx) =>
      new GoalRepository(tx).transition(over.uuid, { to: 'cancelled', reason: '' }),
    );
    expect((await answer(over.id, { choice: 'none' })).json.code).toBe('goal.terminal');
    const silent = await asking(1, []);
    expect((await answer(silent.id, { choice: 'none' })).json.code).toBe('question.not_found');
  });

  it('names its question where the goal asks several', async () => {
    const { id } = await asking(60_000, ['a', 'b']);
    const unclear = await answer(id, { choice: 'none' });
    expect([unclear.status, unclear.json.errors[0].pointer]).toEqual([400, '/questionId']);
    const { json } = await api.call('GET', `/v1/goals/${id}/questions`);
    expect((await answer(id, { questionId: json.data[0].id, choice: 'none' })).status).toBe(202);
    expect((await answer(id, { choice: 'none' })).status).toBe(202); // one is left
  });

  it('is nobody’s business in another tenant', async () => {
    const { id } = await asking();
    const foreign = { token: api.foreignToken };
    const body = { json: { choice: 'none' }, ...foreign };
    expect((await api.call('POST', `/v1/goals/${id}/answers`, body)).status).toBe(404);
    expect((await api.call('GET', `/v1/goals/${id}/questions`, foreign)).status).toBe(404);
    expect((await api.call('GET', '/v1/questions', foreign)).json.data).toEqual([]);
    expect((await api.call('GET', '/v1/questions')).json.data.length).toBeGreaterThan(0);
  });
});
