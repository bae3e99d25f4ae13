import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
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

const preview = (json: unknown) => api.call('POST', '/v1/goals?dryRun=plan', { json });

describe('a plan that is only shown', () => {
  it('says when the engine is away, and leaves nothing behind', async () => {
    const answer = await preview({ objective: 'analyse it' });
    expect([answer.status, answer.json.code, answer.json.retryable]).toEqual([503, 'engine.unavailable', true]);
    for (const table of ['goal', 'outbox', 'goal_event', 'audit_entry'])
      expect([table, await db.query(`SELECT * FROM ${table}`)]).toEqual([table, []]);
  });

  it('is checked like a goal', async () => {
    expect((await preview({})).json.code).toBe('request.invalid');
    const answer = await api.call('POST', '/v1/goals?dryRun=goal', { json: { objective: 'a' } });
    expect([answer.status, answer.json.errors[0].pointer]).toEqual([400, '/dryRun']);
  });

  it('needs a token', async () => {
    const answer = await api.call('POST', '/v1/goals?dryRun=plan', { json: { objective: 'a' }, token: null });
    expect(answer.status).toBe(401);
  });
});

describe('packs of a tenant', () => {
  const pack = (version: string, summary = 's') => ({
    ...{ name: 'own', version, summary },
    tasks: [{ name: 'own.do', summary: 's' }],
    methods: [{ name: 'm', task: 'own.do', summary: 's', cost: 1, subtasks: [] }],
    operators: [{ name: 'own.op', summary: 's', tools: [{ tool: 'no.tool' }] }],
  });

  it('are refused with the place of each mistake', async () => {
    const unknownTool = await api.call('POST', '/v1/packs', { json: { pack: pack('1.0.0') } });
    expect([unknownTool.status, unknownTool.json.errors]).toMatchObject([
      422,
      [{ pointer: '/pack/operators/0/tools/0/tool' }],
    ]);
    const { tasks: _tasks, ...without } = pack('1');
    const broken = await api.call('POST', '/v1/packs', { json: { pack: without } });
    expect(broken.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/pack/version',
      '/pack/tasks',
    ]);
    const both = await api.call('POST', '/v1/packs', { json: { pack: without, domain: '(define)', bindings: {} } });
    expect([both.status, both.json.code]).toEqual([400, 'request.invalid']);
  });

  it('of another tenant are not there', async () => {
    expect((await api.call('GET', '/v1/packs/own')).status).toBe(404);
    expect((await api.call('DELETE', '/v1/packs/own')).status).toBe(404);
  });
});
