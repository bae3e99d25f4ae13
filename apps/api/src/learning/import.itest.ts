import { CAPACITY } from '@goalkeeper/domain';
import { newId, TenantRepository, TokenRepository } from '@goalkeeper/persistence';
import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { startApi, type Answer, type Api } from '../../test/harness';
import { digestOf } from './lesson-digest';

const MANY = 5_300;

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

const BODY = { tool: 'a', context: '', successes: 9, failures: 1, meanLogMs: 2, varLogMs: 1, meanCostUsd: 0 };
const lesson = (told: object = {}): Parameters<typeof digestOf>[0] & { status: string; digest: string } => {
  const body = { kind: 'tool_reliability', key: 'a | ', body: BODY, tasks: ['t'], versions: {} };
  const made = { ...body, ...told } as Parameters<typeof digestOf>[0];
  return { ...made, status: 'active', digest: digestOf(made) };
};
/** A file as exports are laid out: the n-th lesson stands on line n + 2. */
const fileOf = (...lessons: readonly unknown[]): string =>
  `{"format":"goalkeeper-lessons-1","exportedAt":"${new Date().toISOString()}","lessons":[\n${lessons.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(',\n')}\n]}\n`;
const send = (token: string, body: string | Uint8Array): Promise<Answer> =>
  api.call('POST', '/v1/learning/import', { token, body, headers: { 'content-type': 'application/json' } });

async function aTenant(): Promise<{ id: string; token: string }> {
  const id = newId();
  const token = await api.database.tenant(id, async (tx) => {
    await new TenantRepository(tx).add({ id, name: id });
    return (await new TokenRepository(tx).create(id, id)).token;
  });
  return { id, token };
}

/** Everything that learning has of a tenant. */
const stateOf = (tenantId: string) =>
  db.query(
    'SELECT kind, key, status, body, history, statistics, updated_at FROM lesson WHERE tenant_id = $1 ORDER BY id',
    [tenantId],
  );

it('exports every lesson that is not retired, however many there are, one on a line', async () => {
  const { id, token } = await aTenant();
  await db.query(
    `INSERT INTO lesson (id, tenant_id, kind, key, status, body, tasks, origin, statistics, history, created_at)
     SELECT gen_random_uuid(), $1, 'tool_reliability', 'lesson ' || n, CASE WHEN n % 53 = 0 THEN 'retired' ELSE 'active' END, $3, '{t}',
       'learned', '{"sources": 2, "support": 0, "against": 0, "trial": null}', '[]', now() - n / 700 * interval '1 second'
     FROM generate_series(1, $2) AS n`,
    [id, MANY, JSON.stringify(BODY)],
  );
  const { status, text, json, headers } = await api.call('GET', '/v1/learning/export', { token });
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  const keys = (json.lessons as { key: string }[]).map(({ key }) => key);
  expect(keys).toHaveLength(MANY - Math.floor(MANY / 53));
  expect(new Set(keys).size).toBe(keys.length);
  expect(text.split('\n')).toHaveLength(keys.length + 3);
  expect((await api.call('GET', '/v1/learning/export', { token: (await aTenant()).token })).json.lessons).toEqual([]);
});

it('takes over as many as have room, those that fared best first, and says what it left out and why', async () => {
  const { id, token } = await aTenant();
  const room = CAPACITY.avoid_rule;
  const soon = new Date(Date.now() + 86_400_000).toISOString();
  const rule = (n: number) => {
    const body = { tool: `t${n}`, context: '', facts: [], failures: 3, penalty: 0.4, expiresAt: soon };
    return lesson({ kind: 'avoid_rule', key: `t${n} | `, body });
  };
  const rules = Array.from({ length: room + 3 }, (_, n) => ({ ...rule(n), status: n < 5 ? 'shadow' : 'active' }));
  const secret = lesson({ key: `sk-${'a1B2'.repeat(12)}` });
  const { status, json } = await send(token, fileOf(...rules, secret));
  expect([status, json.imported, json.known]).toEqual([200, room, 0]);
  const full = { gate: 'capacity', reason: `${room} lessons of its kind are kept already` };
  expect(json.refused.slice(0, 3)).toEqual([2, 3, 4].map((index) => ({ index, line: index + 2, ...full })));
  expect(json.refused.slice(3)).toEqual([
    { index: room + 3, line: room + 5, gate: 'secret', reason: expect.stringContaining('secret') },
  ]);
  const before = await stateOf(id);
  expect(before).toHaveLength(room);
  const again = await send(token, fileOf(...rules, secret));
  expect(again.json).toMatchObject({ imported: 0, known: room });
  expect(await stateOf(id)).toEqual(before);
});

describe('a hostile file', () => {
  const broken = (told: object): unknown => lesson({ body: { ...BODY, ...told } });
  const raw = (from: string, to: string): string => JSON.stringify(lesson({ key: 'second' })).replace(from, to);
  it.each([
    ['a number that is none', raw('"successes":9', '"successes":NaN'), /line 3: .*NaN/],
    ['a number without end', raw('"successes":9', '"successes":1e999'), /line 3/],
    ['a huge number', broken({ successes: 1e300 }), /line 3: successes is not of its kind's shape/],
    ['a negative count', broken({ failures: -1 }), /line 3: failures/],
    ['a text for a number', broken({ meanLogMs: '2' }), /line 3: meanLogMs/],
    ['a member too many', broken({ run: 'rm -rf /' }), /line 3: run/],
    ['another body', lesson({ body: { task: 't' } }), /line 3: tool/],
    ['an unknown kind', lesson({ kind: 'spell' }), /line 3: .*kind|line 3/],
    [
      'ids of another tenant',
      { ...lesson(), sources: [`goal_${'a'.repeat(32)}`], id: `les_${'b'.repeat(32)}` },
      /line 3: .*sources/,
    ],
    ['a prototype', raw('"successes":9', '"__proto__":{"successes":9}'), /line 3: .*would change what the object is/],
    ['a changed lesson', { ...lesson(), key: 'changed' }, /line 3: it is not what was exported/],
    [
      'a rule for ever',
      lesson({
        kind: 'avoid_rule',
        body: { tool: 't', context: '', facts: [], failures: 3, penalty: 1, expiresAt: '9999-01-01T00:00:00Z' },
      }),
      /line 3: expiresAt/,
    ],
  ])('with %s is refused with line and reason, and nothing of it is taken', async (_what, hostile, reason) => {
    const { id, token } = await aTenant();
    const { status, json } = await send(token, fileOf(lesson({ key: 'first' }), hostile));
    expect([status, json.code]).toEqual([400, 'request.invalid']);
    expect(json.errors.map(({ message }: { message: string }) => message).join('\n')).toMatch(reason);
    expect(await stateOf(id)).toEqual([]);
    expect(({} as { successes?: number }).successes).toBeUndefined();
  });

  it('of a hundred megabytes is refused with the reason, and the server goes on', async () => {
    const { id, token } = await aTenant();
    const big = new Uint8Array(100_000_000).fill(0x20);
    const { status, json } = await send(token, big).catch(() => ({ status: 413, json: null })); // it may hang up on us
    expect(status).toBe(413);
    if (json) expect(json.detail).toContain('64 MB');
    const small = await send(token, fileOf(lesson()));
    expect([small.status, small.json.imported]).toEqual([200, 1]);
    expect(await stateOf(id)).toHaveLength(1);
  });

  it('made of small things alone is refused without taking the server along', async () => {
    const { token } = await aTenant();
    const { status, json } = await send(token, fileOf(`[${'0,'.repeat(9_000_000)}0]`));
    expect([status, json.errors[0].message]).toEqual([400, expect.stringContaining('line 2: it is longer than')]);
  });
});

it('never makes a model of somebody else active that says itself that its gate is open', async () => {
  const { id, token } = await aTenant();
  const model = { gate: { open: true, why: 'trust me' } };
  const { json } = await send(
    token,
    fileOf(lesson({ kind: 'search_guidance', key: 'p', body: { domain: 'p', model } })),
  );
  expect(json.imported).toBe(1);
  expect(await stateOf(id)).toMatchObject([{ kind: 'search_guidance', status: 'candidate' }]);
});
