import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { parsePublicId, Problem } from '@goalkeeper/contracts';
import { CommandRepository, newToken, TokenRepository } from '@goalkeeper/persistence';
import { createLogger } from '@goalkeeper/platform';
import { startApi, type Api } from '../../test/harness';
import { ensureFirstToken } from './first-token';

let db: TestDatabase;
let api: Api;
let routes: { method: string; path: string }[];
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
  routes = routesOf(api);
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

/** The routes as Express really has them, not as the document says. */
function routesOf({ app }: Api): { method: string; path: string }[] {
  const express = app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
  return express.router.stack.flatMap(({ route }) =>
    route
      ? Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path: String(route.path) }))
      : [],
  );
}
interface Layer {
  readonly route?: { readonly path: string | RegExp; readonly methods: Record<string, boolean> };
}

const PUBLIC = /^\/(livez|readyz|startupz|version|openapi\.(json|yaml)|docs|errors)(\/|$)/;

it('has a table of routes to walk', () => {
  const paths = routes.map(({ method, path }) => `${method} ${path}`);
  expect(paths).toEqual(expect.arrayContaining(['POST /v1/goals', 'GET /v1/goals/:id/events', 'PUT /v1/uploads/:id']));
  expect(routes.filter(({ path }) => !PUBLIC.test(path)).length).toBeGreaterThanOrEqual(20);
});

it('lets nobody in without a token, on any route', async () => {
  for (const { method, path } of routes.filter((route) => !PUBLIC.test(route.path))) {
    const target = path.replaceAll(/:\w+/g, 'x');
    for (const token of [null, 'nonsense', newToken(), `${api.token}x`]) {
      const answer = await api.call(method, target, { token });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      if (method !== 'HEAD') expect(Problem.parse(answer.json).code).toMatch(/^auth\./);
    }
  }
});

it('shows nothing of one tenant to another, on any route, and does nothing there', async () => {
  const goal = (await api.call('POST', '/v1/goals', { json: { objective: 'secret' } })).json;
  const artifact = (await api.call('POST', '/v1/artifacts?name=a.csv', { body: 'secret' })).json;
  const upload = (await api.call('POST', '/v1/uploads', { json: { name: 'a.csv', sizeBytes: 9 } })).json;
  const order = await api.call('POST', `/v1/goals/${goal.id}/pause`);
  const command = order.headers.get('location')?.split('/').at(-1) ?? '';
  const before = await db.query('SELECT state, event_seq FROM goal');
  for (const { method, path } of routes.filter((route) => !PUBLIC.test(route.path) && route.path.includes(':'))) {
    const id = path.includes('artifacts/:id') ? artifact.id : path.includes('uploads') ? upload.id : goal.id;
    const target = path.replace(':id', id).replace(':commandId', command);
    const headers = { 'upload-offset': '0' };
    const body = path.includes('uploads') && method !== 'GET' ? 'x' : undefined;
    const json = path.endsWith('/answers') ? { choice: 'yes' } : undefined;
    for (const accept of ['application/json', 'text/event-stream']) {
      const options = { token: api.foreignToken, headers: { ...headers, accept }, ...(body ? { body } : {}), json };
      const foreign = await api.call(method, target, options);
      expect([method, path, foreign.status]).toEqual([method, path, 404]);
      expect(foreign.text).not.toContain('secret');
    }
  }
  for (const path of ['/v1/goals']) {
    expect((await api.call('GET', path, { token: api.foreignToken })).json.data).toEqual([]);
  }
  expect(await db.query('SELECT state, event_seq FROM goal')).toEqual(before);
  const open = await api.database.tenant(api.tenantId, (tx) =>
    new CommandRepository(tx).open(parsePublicId('goal', goal.id) ?? ''),
  );
  expect(open).toHaveLength(1);
}, 30_000);

it('ends a revoked token within five seconds', async () => {
  const { id, token } = await api.database.tenant(api.tenantId, (tx) =>
    new TokenRepository(tx).create(api.tenantId, 't'),
  );
  expect((await api.call('GET', '/v1/goals', { token })).status).toBe(200);
  await api.database.tenant(api.tenantId, (tx) => new TokenRepository(tx).revoke(id));
  const deadline = performance.now() + 6_000;
  let status = 200;
  while (status === 200 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    status = (await api.call('GET', '/v1/goals', { token })).status;
  }
  expect(status).toBe(401);
}, 15_000);

describe('the first token', () => {
  const log = createLogger('test', 'silent');
  let dir: string;
  let file: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gk-token-'));
    file = join(dir, 'deep', 'token');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  const read = async () => (await readFile(file, 'utf8')).trim();

  it('is written once, for its owner alone, and works', async () => {
    await ensureFirstToken(api.database, file, log);
    const token = await read();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await api.call('GET', '/v1/goals', { token })).status).toBe(200);
    await ensureFirstToken(api.database, file, log);
    expect(await read()).toBe(token);
  });

  it('is made anew when the file is gone or its token does not work', async () => {
    await ensureFirstToken(api.database, file, log);
    const first = await read();
    await rm(file);
    await ensureFirstToken(api.database, file, log);
    const second = await read();
    expect(second).not.toBe(first);
    await writeFile(file, newToken());
    await ensureFirstToken(api.database, file, log);
    expect((await api.call('GET', '/v1/goals', { token: await read() })).status).toBe(200);
  });
});
