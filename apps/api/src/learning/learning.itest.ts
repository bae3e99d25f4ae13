import { randomUUID } from 'node:crypto';
import { newId } from '@goalkeeper/persistence';
import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { startApi, type Api, type JsonAnswer } from '../../test/harness';
import { digestOf } from './lesson-digest';

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
const addLesson = async (key: string, status = 'active', tenantId = api.tenantId): Promise<string> => {
  const id = newId();
  await db.query(
    `INSERT INTO lesson (id, tenant_id, kind, key, status, body, tasks, origin, statistics, history)
     VALUES ($1, $2, 'tool_reliability', $3, $4, $5, '{data.report}', 'learned', $6, $7)`,
    [
      ...[id, tenantId, key, status, JSON.stringify(BODY)],
      JSON.stringify({ sources: 2, support: 0, against: 0, trial: null }),
      JSON.stringify([{ atMs: 0, status, reason: 'harmful: in a test' }]),
    ],
  );
  return id;
};
const addEpisode = async (objective: string, task = 'data.report', outcome = 'verified'): Promise<string> => {
  const goalId = randomUUID();
  await db.query(
    `INSERT INTO episode (id, tenant_id, goal_id, objective, task_name, task, outcome, methods)
     VALUES ($1, $2, $3, $4, $5::text, jsonb_build_object('name', $5::text, 'args', '{}'::jsonb), $6, '{}')`,
    [newId(), api.tenantId, goalId, objective, task, outcome],
  );
  return goalId;
};
const get = async (path: string, token?: string): Promise<JsonAnswer> =>
  (await api.call('GET', path, token ? { token } : {})).json;

it('lists lessons page by page, by kind and status, for their tenant alone', async () => {
  for (let n = 0; n < 5; n += 1) await addLesson(`paged ${n}`, n < 4 ? 'active' : 'shadow');
  const first = await get('/v1/learning/lessons?status=active&limit=3');
  const second = await get(`/v1/learning/lessons?status=active&limit=3&cursor=${first.page.next}`);
  const keys = [...first.data, ...second.data].map(({ key }: { key: string }) => key);
  expect(keys).toEqual(['paged 3', 'paged 2', 'paged 1', 'paged 0']);
  expect(second.page).toEqual({ next: null, hasMore: false });
  expect((await get('/v1/learning/lessons?kind=macro')).data).toEqual([]);
  expect((await get('/v1/learning/lessons', api.foreignToken)).data).toEqual([]);
  expect((await api.call('GET', '/v1/learning/lessons?cursor=nonsense')).json.code).toBe('request.invalid_cursor');
  const shown = await get(`/v1/learning/lessons/${first.data[0].id}`);
  expect(shown).toMatchObject({ key: 'paged 3', sources: [], history: [{ status: 'active' }] });
  const foreign = await api.call('GET', `/v1/learning/lessons/${first.data[0].id}`, { token: api.foreignToken });
  expect([foreign.status, foreign.json.code]).toEqual([404, 'lesson.not_found']);
});

it('takes lessons to another tenant as candidates, refuses what was changed on the way, and repeats nothing', async () => {
  await addLesson('carried');
  const exported = await get('/v1/learning/export');
  const lesson = exported.lessons.find(({ key }: { key: string }) => key === 'carried');
  const forged = { ...lesson, key: 'forged' };
  const file = { ...exported, lessons: [lesson, forged] };
  const send = (key: string) =>
    api.call('POST', '/v1/learning/import', {
      token: api.foreignToken,
      json: file,
      headers: { 'idempotency-key': key },
    });
  const first = await send('import-1');
  expect([first.status, first.json]).toEqual([
    200,
    { imported: 1, known: 0, refused: [{ index: 1, gate: 'digest', reason: 'it is not what was exported' }] },
  ]);
  expect((await send('import-1')).json).toEqual(first.json);
  expect((await send('import-2')).json).toMatchObject({ imported: 0, known: 1 });
  const theirs = await get('/v1/learning/lessons', api.foreignToken);
  expect(theirs.data).toMatchObject([{ key: 'carried', status: 'candidate', origin: 'imported', body: BODY }]);
  const bad = await api.call('POST', '/v1/learning/import', { json: { format: 'other' } });
  expect([bad.status, bad.json.code]).toEqual([400, 'request.invalid']);
});

it('holds no more lessons from elsewhere than would have room if they were borne out', async () => {
  const lessons = Array.from({ length: 51 }, (_, n) => {
    const lesson = {
      ...{ kind: 'search_guidance' as const, key: `flood ${n}`, body: { domain: `d${n}`, model: {} } },
      ...{ tasks: [], versions: {}, status: 'active' as const },
    };
    return { ...lesson, digest: digestOf(lesson) };
  });
  const file = { format: 'goalkeeper-lessons-1', exportedAt: new Date().toISOString(), lessons };
  const answer = await api.call('POST', '/v1/learning/import', { token: api.foreignToken, json: file });
  expect([answer.status, answer.json]).toMatchObject([
    200,
    { imported: 50, refused: [{ index: 50, gate: 'capacity' }] },
  ]);
});

it('freezes and thaws, and keeps the control share within its bounds', async () => {
  expect((await api.call('POST', '/v1/learning/freeze')).json).toMatchObject({ frozen: true });
  expect((await get('/v1/learning/report')).settings).toMatchObject({ frozen: true, enabled: true });
  expect((await api.call('POST', '/v1/learning/thaw')).json).toMatchObject({ frozen: false });
  const set = (controlShare: number) => api.call('PUT', '/v1/learning/settings', { json: { controlShare } });
  expect((await set(0.1)).json).toMatchObject({ controlShare: 0.1 });
  for (const share of [0, 0.04, 0.2]) expect((await set(share)).status).toBe(400);
});

it('reports items, harm and sizes, and says nothing of lift while one side has no goal', async () => {
  await addLesson('did harm', 'retired');
  const report = await get('/v1/learning/report');
  expect(report).toMatchObject({ callsSaved: null, verifiedGain: null, recall: { p95Ms: null } });
  expect(report.harm).toMatchObject([{ key: 'did harm' }]);
  expect(report.items).toContainEqual({ kind: 'tool_reliability', status: 'retired', count: 1 });
  expect(report.bytes.lessons).toBeGreaterThan(0);
});

it('rolls back to a snapshot and knows no others', async () => {
  const kept = await addLesson('kept');
  const snapshotId = newId();
  await db.query(`INSERT INTO snapshot (id, tenant_id, seq, reason) VALUES ($1, $2, 1, 'test')`, [
    snapshotId,
    api.tenantId,
  ]);
  await db.query(
    `INSERT INTO snapshot_lesson (tenant_id, snapshot_id, lesson_id, kind, key, status, tasks, body)
     SELECT tenant_id, $1, id, kind, key, status, tasks, body FROM lesson WHERE id = $2`,
    [snapshotId, kept],
  );
  await db.query('UPDATE learning_setting SET snapshot_seq = 1, snapshot_id = $1 WHERE tenant_id = $2', [
    snapshotId,
    api.tenantId,
  ]);
  const [listed] = (await get('/v1/learning/snapshots')).data;
  const back = await api.call('POST', `/v1/learning/snapshots/${listed.id}/rollback`);
  expect([back.status, back.json]).toEqual([200, expect.objectContaining({ seq: 2, lessons: 1, isCurrent: true })]);
  const active = (await get('/v1/learning/lessons?status=active')).data.map(({ key }: { key: string }) => key);
  expect(active).toEqual(['kept']);
  const unknown = await api.call('POST', `/v1/learning/snapshots/snap_${'0'.repeat(32)}/rollback`);
  expect([unknown.status, unknown.json.code]).toEqual([404, 'snapshot.not_found']);
});

it('finds finished goals by words in any form, by words written almost so, by task and outcome, and says why', async () => {
  const weather = await addEpisode('analyse the weather of Seattle');
  await addEpisode('draw stocks', 'data.chart', 'failed');
  const idsOf = async (query: string) =>
    (await get(`/v1/episodes?${query}`)).data.map(({ goalId, why }: { goalId: string; why: string[] }) => [
      goalId,
      why,
    ]);
  const id = `goal_${weather.replaceAll('-', '')}`;
  expect(await idsOf('q=analysing+weather')).toEqual([[id, ['words: analys, weather']]]);
  expect(await idsOf('q=wether')).toEqual([[id, ['written almost so: wether ~ weather']]]);
  expect(await idsOf('q=zebra')).toEqual([]);
  expect((await idsOf('outcome=failed')).map(([, why]: [string, string[]]) => why)).toEqual([['outcome failed']]);
  expect(await idsOf('task=data.chart&q=weather')).toEqual([]);
  const page = await get('/v1/episodes?limit=1');
  expect((await get(`/v1/episodes?limit=1&cursor=${page.page.next}`)).data).toHaveLength(1);
  expect((await api.call('GET', '/v1/episodes?cursor=x')).json.code).toBe('request.invalid_cursor');
  expect((await get('/v1/episodes', api.foreignToken)).data).toEqual([]);
});

it('says that the engine is away when a round is asked for', async () => {
  const { status, json } = await api.call('POST', '/v1/learning/runs');
  expect([status, json.code]).toEqual([503, 'engine.unavailable']);
});
