import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { CommandResponse, GoalPage, GoalResponse, parsePublicId, Problem } from '@goalkeeper/contracts';
import { AuditRepository, GoalRepository } from '@goalkeeper/persistence';
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

const create = (json: unknown = { objective: 'analyse it' }, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/goals', { json, headers });

describe('stating a goal', () => {
  it('is accepted with everything it needs in one transaction, while the engine is away', async () => {
    const answer = await create({ task: { name: 'data.report', args: { source: 'sample:weather.csv' } } });
    expect(answer.status).toBe(202);
    const goal = GoalResponse.parse(answer.json);
    expect(goal).toMatchObject({ state: 'queued', verified: false, progress: 0, planRevision: 0, objective: '' });
    expect(answer.headers.get('location')).toBe(`/v1/goals/${goal.id}`);
    const uuid = parsePublicId('goal', goal.id);
    const [outbox] = await db.query('SELECT kind FROM outbox WHERE goal_id = $1', [uuid]);
    expect(outbox).toEqual({ kind: 'start' });
    const events = await db.query('SELECT seq::int, type FROM goal_event WHERE goal_id = $1', [uuid]);
    expect(events).toEqual([{ seq: 1, type: 'goal.created' }]);
    const [audit] = await db.query('SELECT action, outcome, request_id FROM audit_entry WHERE target = $1', [goal.id]);
    expect(audit).toEqual({
      action: 'goal.create',
      outcome: 'allowed',
      request_id: answer.headers.get('x-request-id'),
    });
  });

  it('leaves nothing behind when the transaction breaks', async () => {
    await db.query('ALTER TABLE audit_entry RENAME TO audit_entry_away');
    const before = await db.query('SELECT count(*) FROM goal');
    const answer = await create().finally(() => db.query('ALTER TABLE audit_entry_away RENAME TO audit_entry'));
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/audit_entry|relation|SELECT|at .*\.ts/);
    expect(await db.query('SELECT count(*) FROM goal')).toEqual(before);
  });

  it('answers what is wrong with a body, each mistake with its place', async () => {
    const answer = await create({ objective: 'a', maxSteps: 0, deadline: 'soon', colour: 'red' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = Problem.parse(answer.json);
    expect(problem.code).toBe('request.invalid');
    expect(problem.errors?.map(({ pointer }) => pointer).toSorted()).toEqual(['', '/deadline', '/maxSteps']);
    expect(problem.traceId).toBe(answer.headers.get('x-request-id'));
  });

  it('refuses a deadline that is over', async () => {
    const answer = await create({ objective: 'a', deadline: '2020-01-01T00:00:00Z' });
    expect([answer.status, answer.json.errors[0].pointer]).toEqual([400, '/deadline']);
  });

  it('keeps the audit chain whole', async () => {
    const finding = await api.database.tenant(api.tenantId, (tx) => new AuditRepository(tx).verifyChain(api.tenantId));
    expect(finding).toMatchObject({ holds: true, problem: null });
  });
});

describe('dependencies', () => {
  it('must exist, in the same tenant', async () => {
    const foreign = await api.call('POST', '/v1/goals', { json: { objective: 'x' }, token: api.foreignToken });
    const unknown = `goal_${'0'.repeat(32)}`;
    const known = await create();
    const answer = await create({ objective: 'a', dependsOn: [known.json.id, unknown, foreign.json.id] });
    expect([answer.status, answer.json.code]).toEqual([422, 'dependency.unknown']);
    expect(answer.json.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/dependsOn/1',
      '/dependsOn/2',
    ]);
    const good = await create({ objective: 'a', dependsOn: [known.json.id] });
    expect(good.json.dependsOn).toEqual([known.json.id]);
  });

  it('must not wait in a circle, whose members are named', async () => {
    const [a, b] = [(await create()).json.id as string, (await create()).json.id as string];
    const [uuidA, uuidB] = [parsePublicId('goal', a), parsePublicId('goal', b)];
    await db.query(
      'INSERT INTO goal_dependency (tenant_id, goal_id, depends_on, position) VALUES ($1, $2, $3, 1), ($1, $3, $2, 1)',
      [api.tenantId, uuidA, uuidB],
    );
    const answer = await create({ objective: 'a', dependsOn: [a] });
    expect([answer.status, answer.json.code]).toEqual([422, 'dependency.circular']);
    expect(answer.json.errors).toHaveLength(2);
    expect(answer.json.detail).toContain(`${a} → ${b} → ${a}`);
  });
});

describe('idempotency keys', () => {
  it('make one goal of fifty equal requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => create({ objective: 'once' }, { 'idempotency-key': 'k1' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ text }) => JSON.stringify(JSON.parse(text)))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(49);
    expect(await db.query(`SELECT count(*)::int FROM goal WHERE objective = 'once'`)).toEqual([{ count: 1 }]);
  });

  it('are refused for another body, and do not meet those of another tenant', async () => {
    await create({ objective: 'first' }, { 'idempotency-key': 'k2' });
    const other = await create({ objective: 'second' }, { 'idempotency-key': 'k2' });
    expect([other.status, other.json.code]).toEqual([422, 'idempotency.reused']);
    const foreign = await api.call('POST', '/v1/goals', {
      json: { objective: 'second' },
      token: api.foreignToken,
      headers: { 'idempotency-key': 'k2' },
    });
    expect([foreign.status, foreign.headers.get('idempotent-replayed')]).toEqual([202, null]);
    expect((await create({ objective: 'a' }, { 'idempotency-key': 'x'.repeat(201) })).status).toBe(422);
  });

  it('tell when the first request has not answered yet', async () => {
    await create({ objective: 'slow' }, { 'idempotency-key': 'k3' });
    await db.query(`UPDATE idempotency_key SET status = NULL, response = NULL WHERE key = 'k3'`);
    const answer = await create({ objective: 'slow' }, { 'idempotency-key': 'k3' });
    expect([answer.status, answer.json.code]).toEqual([409, 'idempotency.in_flight']);
  });
});

describe('reading goals', () => {
  it('pages through all of them once, newest first', async () => {
    const seen: string[] = [];
    let path: string | null = '/v1/goals?limit=20';
    while (path) {
      const answer: Awaited<ReturnType<Api['call']>> = await api.call('GET', path);
      const page = GoalPage.parse(answer.json);
      seen.push(...page.data.map(({ id }) => id));
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1] ?? null;
      expect(path !== null).toBe(page.page.hasMore);
      await create({ objective: 'meanwhile' });
    }
    expect(new Set(seen).size).toBe(seen.length);
    const stored = await db.query<{ id: string }>(
      `SELECT id FROM goal WHERE tenant_id = $1 AND objective <> 'meanwhile' ORDER BY created_at DESC, id DESC`,
      [api.tenantId],
    );
    expect(seen.map((id) => parsePublicId('goal', id))).toEqual(stored.map(({ id }) => id));
  });

  it('filters by state and refuses strange cursors', async () => {
    expect((await api.call('GET', '/v1/goals?state=succeeded')).json.data).toEqual([]);
    expect((await api.call('GET', '/v1/goals?state=happy')).status).toBe(400);
    expect((await api.call('GET', '/v1/goals?cursor=abc')).json.code).toBe('request.invalid_cursor');
  });

  it('answers 304 to an ETag that still holds, and a new one after a change', async () => {
    const { id } = (await create()).json;
    const first = await api.call('GET', `/v1/goals/${id}?include=plan,steps,evidence`);
    expect(GoalResponse.parse(first.json)).toMatchObject({ plan: null, steps: [], evidence: [] });
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    expect((await api.call('GET', `/v1/goals/${id}?include=plan,steps,evidence`, { headers })).status).toBe(304);
    await api.call('POST', `/v1/goals/${id}/cancel`);
    expect((await api.call('GET', `/v1/goals/${id}?include=plan,steps,evidence`, { headers })).status).toBe(200);
  }, 20_000);

  it.each(['goal_1', `goal_${'f'.repeat(32)}`, '..%2f..', 'goal_%00'])('knows no goal %s', async (id) => {
    const answer = await api.call('GET', `/v1/goals/${id}`);
    expect([answer.status, Problem.parse(answer.json).code]).toEqual([404, 'goal.not_found']);
  });

  it('holds an answer with ?wait until the goal has ended', async () => {
    const { id } = (await create()).json;
    const waiting = api.call('GET', `/v1/goals/${id}?wait=30`);
    await end(id, 'failed');
    expect((await waiting).json.state).toBe('failed');
  });

  it('answers with the goal as it stands when the time of ?wait is over', async () => {
    const answer = await api.call('POST', '/v1/goals?wait=1', { json: { objective: 'slow' } });
    expect([answer.status, answer.json.state]).toEqual([202, 'queued']);
  });
});

describe('commands', () => {
  it('are stored before anybody hears of them', async () => {
    const { id } = (await create()).json;
    const answer = await api.call('POST', `/v1/goals/${id}/cancel`, { json: { reason: 'enough' } });
    expect([answer.status, GoalResponse.parse(answer.json).state]).toEqual([202, 'cancelling']);
    const command = await api.call('GET', answer.headers.get('location') ?? '');
    expect(CommandResponse.parse(command.json)).toMatchObject({ kind: 'cancel', reason: 'enough', state: 'requested' });
    const [outbox] = await db.query(`SELECT count(*)::int FROM outbox WHERE kind = 'command' AND goal_id = $1`, [
      parsePublicId('goal', id),
    ]);
    expect(outbox).toEqual({ count: 1 });
    const events = await api.call('GET', `/v1/goals/${id}/events`);
    expect(events.json.data[1]).toMatchObject({
      type: 'goal.state_changed',
      data: { to: 'cancelling', reason: 'enough' },
    });
  }, 20_000);

  it('are refused by a goal that has ended', async () => {
    const { id } = (await create()).json;
    await end(id, 'cancelled');
    for (const kind of ['cancel', 'pause', 'resume']) {
      const answer = await api.call('POST', `/v1/goals/${id}/${kind}`);
      expect([answer.status, answer.json.code]).toEqual([409, 'goal.terminal']);
    }
  });

  it('take no unknown fields and belong to their goal', async () => {
    const [a, b] = [(await create()).json.id, (await create()).json.id];
    expect((await api.call('POST', `/v1/goals/${a}/pause`, { json: { force: true } })).status).toBe(400);
    const paused = await api.call('POST', `/v1/goals/${a}/pause`);
    const path = paused.headers.get('location') ?? '';
    expect((await api.call('GET', path.replace(a, b))).json.code).toBe('command.not_found');
  }, 20_000);
});

function end(id: string, to: 'failed' | 'cancelled') {
  const uuid = parsePublicId('goal', id) ?? '';
  return api.database.tenant(api.tenantId, (tx) => new GoalRepository(tx).transition(uuid, { to, reason: 'test' }));
}
