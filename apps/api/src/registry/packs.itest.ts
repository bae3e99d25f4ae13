import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { PackList } from '@goalkeeper/contracts';
import { parsePack } from '@goalkeeper/domain';
import { PackRepository, SHARED_TENANT_ID, ToolRepository } from '@goalkeeper/persistence';
import { type Api, startApi } from '../../test/harness';

const TOOL = {
  name: 'test.note',
  version: '1.0.0',
  summary: 'Note',
  kind: 'real',
  effect: 'pure',
  boundMs: 100,
  timeoutMs: 1_000,
  costUsd: 0,
} as const;
const pack = (name: string, more: object = {}): Record<string, unknown> => ({
  ...{ name, version: '1.0.0', summary: 's' },
  tasks: [{ name: `${name}.do`, summary: 's', success: [{ name: 'a.holds', summary: 's', args: {} }] }],
  methods: [{ name: 'm', task: `${name}.do`, summary: 's', cost: 1, subtasks: [{ id: 'a', task: `${name}.op` }] }],
  operators: [{ name: `${name}.op`, summary: 's', tools: [{ tool: 'test.note' }] }],
  ...more,
});
const DOMAIN = '(define (domain lamp) (:predicates (on ?x)) (:action press :parameters (?x) :effect (on ?x)))';

let db: TestDatabase;
let api: Api;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
  await api.database.tenant(SHARED_TENANT_ID, async (tx) => {
    await new ToolRepository(tx).replaceAll([TOOL], ['a.holds']);
    await new PackRepository(tx).replaceAll([parsePack(pack('shipped'))]);
  });
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

const upload = async (json: object, token = api.token) => api.call('POST', '/v1/packs', { json, token });
const pointers = (json: unknown): readonly string[] =>
  (json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);

it('takes from an upload what it takes from a folder, and refuses the same, each in its place', async () => {
  const taken = {
    tasks: [{ name: 'shipped.do', summary: 's' }],
    methods: [{ name: 'm', task: 'shipped.do', summary: 's', cost: 1, subtasks: [] }],
  };
  const endless = {
    methods: [{ name: 'm', task: 'b.do', summary: 's', cost: 1, subtasks: [{ id: 'a', task: 'b.do' }] }],
  };
  const unknown = { tasks: [{ name: 'b.do', summary: 's', success: [{ name: 'no.such', summary: 's', args: {} }] }] };
  for (const [more, pointer] of [
    [taken, '/pack/tasks/0/name'],
    [endless, '/pack/tasks/0'],
    [unknown, '/pack/tasks/0/success/0/name'],
    [{ operators: [{ name: 'b.op', summary: 's', tools: [{ tool: 'no.tool' }] }] }, '/pack/operators/0/tools/0/tool'],
    [{ name: 'n'.repeat(100_000) }, '/pack/name'],
    [{ version: `1.0.0-${'9'.repeat(100)}` }, '/pack/version'],
  ] as const) {
    const { status, json } = await upload({ pack: pack('b', more) });
    expect([status, json.code, pointers(json)]).toEqual([422, 'pack.invalid', [pointer]]);
    expect(json.hint).not.toBe('');
  }
  const primitives = { press: { tools: [{ tool: 'no.tool', args: {} }] } };
  const bindings = { name: 'lights', version: '1.0.0', summary: 's', primitives };
  for (const [more, pointer] of [
    [{ name: 'l'.repeat(101) }, '/bindings/name'],
    [{}, '/bindings/primitives/press/tools/0/tool'],
  ] as const) {
    const refused = await upload({ domain: DOMAIN, bindings: { ...bindings, ...more } });
    expect([refused.status, pointers(refused.json)]).toEqual([422, expect.arrayContaining([pointer])]);
  }
  expect((await upload({ pack: pack('b') })).status).toBe(201);
  expect((await upload({ pack: pack('b') })).status).toBe(201);
  expect((await upload({ pack: pack('c', taken) })).status).toBe(422);
});

it('keeps the packs of tenants apart', async () => {
  expect((await upload({ pack: pack('mine') })).status).toBe(201);
  const theirs = { token: api.foreignToken };
  expect((await api.call('GET', '/v1/packs/mine', theirs)).status).toBe(404);
  expect((await api.call('DELETE', '/v1/packs/mine', theirs)).status).toBe(404);
  const listed = PackList.parse((await api.call('GET', '/v1/packs', theirs)).json).data.map(({ name }) => name);
  expect(listed).toEqual(['shipped']);
  // A name that another tenant uses is free, and what is done under it is nobody else's.
  expect((await upload({ pack: pack('mine', { summary: 'other' }) }, api.foreignToken)).status).toBe(201);
  expect((await api.call('DELETE', '/v1/packs/mine', theirs)).status).toBe(204);
  expect((await api.call('GET', '/v1/packs/mine')).json).toMatchObject({ name: 'mine', summary: 's' });
});

it('knows no pack by a name that every object has', async () => {
  for (const name of ['__proto__', 'constructor', 'toString'])
    expect((await api.call('GET', `/v1/packs/${name}`)).status).toBe(404);
});
