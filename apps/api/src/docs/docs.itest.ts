import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { PROBLEMS } from '@goalkeeper/contracts';
import { startApi, type Api, type JsonAnswer } from '../../test/harness';

let db: TestDatabase;
let api: Api;
let document: JsonAnswer;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
  document = (await api.call('GET', '/openapi.json', { token: null })).json;
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

const operations = (): [string, string, JsonAnswer][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as object).map(([method, operation]): [string, string, JsonAnswer] => [
      method,
      path,
      operation,
    ]),
  );

it('is an OpenAPI 3.1 document whose references all lead somewhere', () => {
  expect(document.openapi).toBe('3.1.0');
  const names = new Set(Object.keys(document.components.schemas));
  const used = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target ?? '');
  expect(used.length).toBeGreaterThan(50);
  for (const target of used) {
    expect(target).toMatch(/^#\/components\/schemas\//);
    expect(names).toContain(target.split('/').at(-1));
  }
  expect([...names]).toEqual(expect.arrayContaining(['Goal', 'CreateGoalRequest', 'Problem', 'GoalEvent', 'Plan']));
});

it('describes every route, its answers, and its refusals', () => {
  expect(operations().length).toBeGreaterThan(20);
  for (const [method, path, operation] of operations()) {
    expect([method, path, operation.summary]).not.toContain(undefined);
    if (!path.startsWith('/v1')) continue;
    const statuses = Object.keys(operation.responses);
    expect([method, path, statuses]).toEqual([method, path, expect.arrayContaining(['401', '500', '503'])]);
    for (const status of statuses.filter((code) => Number(code) >= 400))
      expect(operation.responses[status].content).toHaveProperty(['application/problem+json']);
    if (path.includes('{id}')) expect(statuses).toContain('404');
  }
});

it('names every operation once', () => {
  const ids = operations().map(([, , operation]) => operation.operationId as string);
  expect(new Set(ids).size).toBe(ids.length);
});

it('lists the query parameters that the schemas know', () => {
  const list = document.paths['/v1/goals'].get;
  const names = list.parameters.map((parameter: { name: string }) => parameter.name);
  expect(names.toSorted()).toEqual(['cursor', 'limit', 'state']);
});

it('names no problem that the catalogue does not know', () => {
  const named = [...JSON.stringify(document.paths).matchAll(/`([a-z]+\.[a-z_.]+|internal)`: /g)].map(
    ([, code]) => code,
  );
  expect(named.length).toBeGreaterThan(50);
  for (const code of named) expect(PROBLEMS).toHaveProperty([code as string]);
});

it('is shown by Swagger UI without a token', async () => {
  const page = await api.call('GET', '/docs', { token: null });
  expect([page.status, page.text.includes('swagger-ui')]).toEqual([200, true]);
});
