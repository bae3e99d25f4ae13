import { connect } from 'node:net';
import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import {
  FAILURES,
  HealthResponse,
  Problem,
  PROBLEMS,
  ProblemKindList,
  ProblemKindView,
  VersionResponse,
} from '@goalkeeper/contracts';
import { startProxy, type DatabaseProxy } from '../../test/database-proxy';
import { startApi, type Api, type CallOptions } from '../../test/harness';

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

const post = (options: CallOptions) => api.call('POST', '/v1/goals', options);
const json = { 'content-type': 'application/json' };

describe('bodies', () => {
  it.each([
    ['broken JSON', { body: '{"objective": ', headers: json }, 400, 'request.malformed_json'],
    [
      'bytes that are not UTF-8',
      { body: new Uint8Array([34, 0xff, 34]), headers: json },
      400,
      'request.malformed_json',
    ],
    ['no body', {}, 400, 'request.invalid'],
    ['a list', { json: [] }, 400, 'request.invalid'],
    ['a NUL', { json: { objective: 'a\u0000b' } }, 400, 'request.unsafe_json'],
    ['a lone surrogate', { body: '{"objective":"\\ud800"}', headers: json }, 400, 'request.unsafe_json'],
    [
      'deep nesting',
      { body: `{"task":{"name":"x","args":{"a":${'['.repeat(99)}${']'.repeat(99)}}}}`, headers: json },
      400,
      'request.unsafe_json',
    ],
    [
      'very deep nesting',
      { body: '['.repeat(400_000) + ']'.repeat(400_000), headers: json },
      400,
      'request.unsafe_json',
    ],
    ['more than 1 MB', { json: { objective: 'x'.repeat(1_000_001) } }, 413, 'request.too_large'],
    [
      'a form',
      { body: 'objective=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'request.unsupported_media_type',
    ],
    [
      'another charset',
      { body: '{}', headers: { 'content-type': 'application/json; charset=latin1' } },
      415,
      'request.unsupported_media_type',
    ],
    [
      'a compressed body',
      { body: 'x', headers: { ...json, 'content-encoding': 'gzip' } },
      415,
      'request.unsupported_media_type',
    ],
    [
      'a smuggled prototype',
      { body: '{"objective":"x","__proto__":{"a":1},"constructor":1}', headers: json },
      400,
      'request.unsafe_json',
    ],
  ] as [string, CallOptions, number, string][])('with %s are refused', async (_name, options, status, code) => {
    const answer = await post(options);
    expect([answer.status, Problem.parse(answer.json).code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('x-request-id')).toBe(answer.json.traceId);
  });

  it('of strangers are not even read', async () => {
    const answer = await post({ token: null, body: '{"objective": ', headers: json });
    expect(answer.status).toBe(401);
  });
});

describe('routes', () => {
  it.each([
    ['GET', '/nothing', 404, 'route.not_found'],
    ['DELETE', '/v1/goals', 404, 'route.not_found'],
    ['GET', '/v1/goals/%E0%A4%A', 400, 'request.invalid'],
    ['GET', '/v1/goals?limit=1&limit=2', 400, 'request.invalid'],
    ['GET', '/v1/goals?limit=0', 400, 'request.invalid'],
    ['GET', '/v1/goals?order=id;drop', 400, 'request.invalid'],
  ])('%s %s answers %i', async (method, path, status, code) => {
    const answer = await api.call(method, path);
    expect([answer.status, Problem.parse(answer.json).code]).toEqual([status, code]);
  });

  it('take over the trace of the caller', async () => {
    const headers = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    expect((await api.call('GET', '/v1/tools', { headers })).headers.get('x-request-id')).toBe(
      '0af7651916cd43dd8448eb211c80319c',
    );
  });

  it('say who they are and how they are', async () => {
    expect(VersionResponse.parse((await api.call('GET', '/version', { token: null })).json).name).toBe('goalkeeper');
    const ready = await api.call('GET', '/readyz', { token: null });
    expect([ready.status, HealthResponse.parse(ready.json)]).toEqual([
      200,
      { status: 'degraded', checks: { database: 'up', engine: 'down', redis: 'off' } },
    ]);
  });

  it('explain every problem where its type leads', async () => {
    const refused = await api.call('GET', '/v1/goals/goal_1');
    const kind = await api.call('GET', refused.json.type, { token: null });
    expect(ProblemKindView.parse(kind.json)).toMatchObject({ code: 'goal.not_found', status: 404 });
    expect((await api.call('GET', '/errors/toString', { token: null })).json.code).toBe('error.not_found');
    const all = ProblemKindList.parse((await api.call('GET', '/errors', { token: null })).json);
    expect(all.data.map(({ code }) => code)).toEqual(
      expect.arrayContaining([...Object.keys(PROBLEMS), ...Object.keys(FAILURES)]),
    );
    const failure = await api.call('GET', '/errors/effect.uncertain', { token: null });
    expect(ProblemKindView.parse(failure.json)).toEqual({
      ...{ code: 'effect.uncertain', status: null },
      ...FAILURES['effect.uncertain'],
    });
  });

  it('survive a client that talks nonsense', async () => {
    const { hostname, port } = new URL(api.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write('\x16\x03\x01 GET\r\n\r\n'));
      socket.on('data', () => socket.destroy());
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
    });
    expect((await api.call('GET', '/livez', { token: null })).status).toBe(200);
  });
});

describe('without the database', () => {
  let proxy: DatabaseProxy;
  let behind: Api;
  beforeAll(async () => {
    proxy = await startProxy(db.url);
    behind = await startApi(proxy.url);
  }, 30_000);
  afterAll(async () => {
    await behind?.close();
    await proxy?.close();
  }, 30_000);

  it('requests are told to come back, quickly and without details, until it is there again', async () => {
    await proxy.shut();
    const begun = performance.now();
    const answer = await behind.call('GET', '/v1/goals');
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect([answer.status, answer.json.code, answer.headers.get('retry-after')]).toEqual([
      503,
      'database.unavailable',
      '2',
    ]);
    expect(answer.text).not.toMatch(/ECONN|postgres|gk_test/);
    const ready = await behind.call('GET', '/readyz', { token: null });
    expect([ready.status, HealthResponse.parse(ready.json).checks.database]).toEqual([503, 'down']);
    await proxy.open();
    expect((await behind.call('GET', '/v1/goals')).status).toBe(200);
  }, 20_000);

  it('that swallows every packet, requests do not hang', async () => {
    expect((await behind.call('GET', '/v1/goals')).status).toBe(200);
    proxy.freeze();
    const answer = await behind.call('GET', '/v1/goals');
    expect([answer.status, answer.json.code]).toEqual([503, 'database.unavailable']);
    await proxy.shut();
    await proxy.open();
    expect((await behind.call('GET', '/v1/goals')).status).toBe(200);
  }, 20_000);
});
