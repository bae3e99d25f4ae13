import { randomUUID } from 'node:crypto';
import { GoalRepository, newId, QuestionRepository } from '@goalkeeper/persistence';
import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { parsePublicId } from '@goalkeeper/contracts';
import { type Answer, startApi, type Api } from '../../test/harness';

/** Stands in whatever the first tenant owns. */
const MARKER = 'quokkamarker';

let db: TestDatabase;
let api: Api;
/** The first tenant's own ids, by the kind of the path's resource. */
let ids: Record<string, string>;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
  ids = await plantTheFirstTenant();
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

/** A goal with a question, an episode, a lesson in a snapshot, an observation and a decision, each with the marker in it. */
async function plantTheFirstTenant(): Promise<Record<string, string>> {
  const { json: goal } = await api.call('POST', '/v1/goals', { json: { objective: `find the ${MARKER}` } });
  const goalId = parsePublicId('goal', goal.id) ?? '';
  const [questionId, lessonId, snapshotId] = [newId(), newId(), newId()];
  await api.database.tenant(api.tenantId, (tx) =>
    new QuestionRepository(tx).ask(
      goalId,
      {
        ...{ id: questionId, key: 'intent', kind: 'intent', text: `Which ${MARKER}?`, schema: null, context: {} },
        ...{ choices: [{ id: 'none', label: MARKER }], onExpiry: { choice: 'none', value: null } },
      },
      600_000,
    ),
  );
  await db.query(
    `INSERT INTO episode (id, tenant_id, goal_id, objective, task_name, task, outcome, methods)
     VALUES ($1, $2, $3, $4, 'data.report', '{"name": "data.report", "args": {}}', 'verified', '{}')`,
    [newId(), api.tenantId, randomUUID(), `find the ${MARKER}`],
  );
  const body = { tool: MARKER, context: '', successes: 9, failures: 1, meanLogMs: 2, varLogMs: 1, meanCostUsd: 0 };
  await db.query(
    `INSERT INTO lesson (id, tenant_id, kind, key, status, body, tasks, origin, statistics, history)
     VALUES ($1, $2, 'tool_reliability', $3, 'active', $4, '{data.report}', 'learned', $5, '[]')`,
    [
      ...[lessonId, api.tenantId, MARKER, JSON.stringify(body)],
      JSON.stringify({ sources: 2, support: 0, against: 0, trial: null }),
    ],
  );
  await db.query(`INSERT INTO snapshot (id, tenant_id, seq, reason) VALUES ($1, $2, 1, $3)`, [
    ...[snapshotId, api.tenantId, MARKER],
  ]);
  await db.query(
    `INSERT INTO snapshot_lesson (tenant_id, snapshot_id, lesson_id, kind, key, status, tasks, body)
     SELECT tenant_id, $1, id, kind, key, status, tasks, body FROM lesson`,
    [snapshotId],
  );
  await db.query(`INSERT INTO calibration (tenant_id, body) VALUES ($1, $2)`, [
    ...[api.tenantId, JSON.stringify({ knots: [{ stated: 0.5, seen: 0.4 }], decisions: 4_711 })],
  ]);
  await addFailedCall(goalId);
  return {
    goal: goal.id,
    lesson: `les_${lessonId.replaceAll('-', '')}`,
    snapshot: `snap_${snapshotId.replaceAll('-', '')}`,
    question: `qst_${questionId.replaceAll('-', '')}`,
  };
}

async function addFailedCall(goalId: string): Promise<void> {
  const error = { kind: 'explicit', duration: 'permanent', code: 'x.y', message: MARKER };
  await db.query(
    `INSERT INTO observation (tenant_id, goal_id, step_id, call_no, month, outcome, body, analysis)
     SELECT tenant_id, id, 's', 1, month, 'failure', $2, '{"next": "give_up"}' FROM goal WHERE id = $1`,
    [goalId, JSON.stringify({ stepId: 's', tool: MARKER, outcome: 'failure', error })],
  );
  await db.query(
    `INSERT INTO decision (tenant_id, goal_id, step_id, call_no, body) SELECT tenant_id, id, 's', 1, $2 FROM goal WHERE id = $1`,
    [goalId, JSON.stringify({ stepId: 's', chosen: null, reason: MARKER, candidates: [], recalledEpisodes: [] })],
  );
  await db.query(
    `INSERT INTO action (tenant_id, goal_id, step_id, call_no, tool, args, idempotency_key)
     SELECT tenant_id, id, 's', 1, $2, '{}', $2 FROM goal WHERE id = $1`,
    [goalId, MARKER],
  );
}

/** Rooms that this test answers for: what memory, learning and questions show or change. */
const ROOMS = /learning|lesson|snapshot|episode|question|answer|research|calibration|error-kinds|decisions|memory/;

interface Asked {
  readonly method: string;
  /** As the OpenAPI document has it. */
  readonly path: string;
  readonly hasBody: boolean;
}

async function routes(): Promise<Asked[]> {
  const { json } = await api.call('GET', '/openapi.json', { token: null });
  return Object.entries(json.paths as Record<string, Record<string, { requestBody?: unknown }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods)
        .filter(() => path.startsWith('/v1/') && ROOMS.test(path))
        .map(([method, { requestBody }]) => ({
          method: method.toUpperCase(),
          path,
          hasBody: requestBody !== undefined,
        })),
  );
}

/** A body that the route takes, where it takes one; a route that is missing here fails the test. */
const bodies = (): Readonly<Record<string, unknown>> => ({
  'PUT /v1/learning/settings': { controlShare: 0.1 },
  'POST /v1/learning/freeze': {},
  'POST /v1/learning/thaw': {},
  'POST /v1/learning/runs': {},
  'POST /v1/learning/snapshots/{id}/rollback': {},
  'POST /v1/learning/import': { format: 'goalkeeper-lessons-1', exportedAt: new Date().toISOString(), lessons: [] },
  'POST /v1/learning/erasures': { goalId: ids.goal },
  'POST /v1/goals/{id}/answers': { questionId: ids.question, choice: 'none' },
});

/** The path with the first tenant's ids in it. */
function addressed(path: string): string {
  return path.replaceAll(/\/([a-z]+)s\/\{\w+\}/g, (_all, resource: string) => {
    const id = ids[resource];
    if (!id) throw new Error(`${path}: this test has no id of a ${resource}`);
    return `/${resource}s/${id}`;
  });
}

const asForeigner = ({ method, path, hasBody }: Asked): Promise<Answer> =>
  api.call(method, addressed(path), {
    token: api.foreignToken,
    ...(hasBody ? { json: bodies()[`${method} ${path}`] } : {}),
  });

/** Everything that the first tenant has in the database, table by table. */
async function possessions(): Promise<Record<string, unknown>> {
  const tables = await db.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables)
    found[name] = await db.query(`SELECT t::text FROM ${name} t WHERE tenant_id = $1 ORDER BY 1`, [api.tenantId]);
  return found;
}

it('knows a body for each route that takes one, and meets the rooms that it answers for', async () => {
  const asked = await routes();
  const taking = asked.filter(({ hasBody }) => hasBody).map(({ method, path }) => `${method} ${path}`);
  expect(taking.toSorted()).toEqual(Object.keys(bodies()).toSorted());
  const paths = asked.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      ...['/v1/learning/lessons', '/v1/learning/export', '/v1/learning/snapshots', '/v1/episodes', '/v1/questions'],
      ...['/v1/calibration', '/v1/error-kinds', '/v1/goals/{id}/decisions', '/v1/goals/{id}/questions'],
    ]),
  );
});

it('shows the marker to its own tenant wherever it can be read, so that the next test can fail', async () => {
  const reading = (await routes()).filter(({ method }) => method === 'GET');
  const seen: string[] = [];
  for (const { path } of reading) {
    const { status, text } = await api.call('GET', addressed(path));
    expect([path, status]).toEqual([path, 200]);
    if (text.includes(MARKER)) seen.push(path);
  }
  expect(seen).toEqual(
    expect.arrayContaining([
      ...['/v1/learning/lessons', '/v1/learning/lessons/{id}', '/v1/learning/export', '/v1/learning/snapshots'],
      ...['/v1/episodes', '/v1/questions', '/v1/goals/{id}/questions', '/v1/error-kinds', '/v1/goals/{id}/decisions'],
    ]),
  );
});

it('gives a second tenant nothing on any route: 404 where an id is named, else nothing of the first; and changes nothing', async () => {
  const before = await possessions();
  for (const route of await routes()) {
    const { status, text } = await asForeigner(route);
    const name = `${route.method} ${route.path}`;
    const names = route.path.includes('{') || name === 'POST /v1/learning/erasures';
    // Work of the engine is refused while it is away, whoever asks.
    const right = names ? [404] : [200, 202, 503];
    expect([name, right.includes(status) ? 'right' : status]).toEqual([name, 'right']);
    expect([name, text.includes(MARKER), text.includes('4711')]).toEqual([name, false, false]);
    for (const id of names ? [] : Object.values(ids)) expect([name, text.includes(id)]).toEqual([name, false]);
  }
  expect(await possessions()).toEqual(before);
  const own = await api.database.tenant(api.tenantId, (tx) => new GoalRepository(tx).list({ limit: 10 }));
  expect(own.goals).toHaveLength(1);
});
