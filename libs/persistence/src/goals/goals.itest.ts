import { aGoal, createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { openDatabase, type Database } from '../database/database';
import { newId } from '../ids';
import { rows } from '../sql';
import { TenantRepository } from '../tenants/tenant.repository';
import { EventRepository } from './event.repository';
import { GoalRepository } from './goal.repository';

const A = newId();
const log = { info: () => undefined, warn: () => undefined };
const created = [{ type: 'goal.created', data: {} }];

describe('goals and their events', () => {
  let server: TestDatabase;
  let database: Database;
  const inTenant: Database['tenant'] extends (id: string, work: infer W) => unknown
    ? (work: W) => Promise<unknown>
    : never = (work) => database.tenant(A, work);
  const goals = <T>(work: (repository: GoalRepository) => Promise<T>) =>
    database.tenant(A, (tx) => work(new GoalRepository(tx)));
  const events = <T>(work: (repository: EventRepository) => Promise<T>) =>
    database.tenant(A, (tx) => work(new EventRepository(tx)));
  const accepted = async (told: Parameters<typeof aGoal>[0] = {}, at?: Date) => {
    const goal = aGoal({ tenantId: A, ...told });
    await goals((repository) => repository.accept(goal, created, at ? { at } : {}));
    return goal;
  };

  beforeAll(async () => {
    server = await createTestDatabase();
    database = await openDatabase({ url: server.url, applicationName: 'test', poolSize: 10, migrate: true, log });
    await database.tenant(A, (tx) => new TenantRepository(tx).add({ id: A, name: 'A' }));
  });
  afterAll(async () => {
    await database.close();
    await server.drop();
  });

  it('come back as they were accepted', async () => {
    const first = await accepted();
    const goal = await accepted({
      objective: 'odd \u0000 bytes \ud800 and "quotes"',
      task: { name: 't', args: { text: 'nul \u0000, half \udfff, slash \\u0000, whole 😀' } },
      deadlineMs: 1_800_000_000_123,
      dependsOn: [first.id],
      dependencyPolicy: 'skip',
    });
    const record = await goals((repository) => repository.get(goal.id));
    expect(record).toMatchObject({
      state: 'queued',
      eventSeq: 1,
      callsMade: 0,
      planRevision: 0,
      verified: false,
      result: null,
    });
    expect(record?.goal).toEqual({
      ...goal,
      objective: 'odd \ufffd bytes \ufffd and "quotes"',
      task: { name: 't', args: { text: 'nul \ufffd, half \ufffd, slash \\u0000, whole 😀' } },
    });
  });

  it('are stored once: the same goal again changes nothing', async () => {
    const goal = await accepted();
    expect(await goals((repository) => repository.accept({ ...goal, objective: 'other' }, created))).toBe(false);
    expect(await goals((repository) => repository.get(goal.id))).toMatchObject({ goal, eventSeq: 1 });
  });

  it('number their events without gap or repeat under twenty appenders at once', async () => {
    const goal = await accepted();
    const appended = await Promise.all(
      Array.from({ length: 20 }, (_, appender) =>
        events(async (repository) => {
          const seqs: (number | null)[] = [];
          for (let turn = 0; turn < 5; turn += 1) {
            const pair = [0, 1].map((part) => ({ type: 'step.started', data: { appender, turn, part } }));
            seqs.push(await repository.append(goal.id, pair, { callsMadeAdd: 1 }));
          }
          return seqs;
        }),
      ),
    );
    const page = await events((repository) => repository.page(goal.id, 0, 1_000));
    expect(page.map(({ seq }) => seq)).toEqual(Array.from({ length: 201 }, (_, index) => index + 1));
    expect(new Set(page.slice(1).map(({ data }) => JSON.stringify(data))).size).toBe(200);
    expect(new Set(appended.flat()).size).toBe(100);
    expect(await goals((repository) => repository.get(goal.id))).toMatchObject({ eventSeq: 201, callsMade: 100 });
  });

  it('leave no gap when an appender is rolled back', async () => {
    const goal = await accepted();
    const failing = events(async (repository) => {
      await repository.append(goal.id, [{ type: 'lost', data: {} }]);
      throw new Error('crash');
    });
    await expect(failing).rejects.toThrow('crash');
    expect(await events((repository) => repository.append(goal.id, [{ type: 'kept', data: {} }]))).toBe(2);
    expect(await events((repository) => repository.page(goal.id, 1, 10))).toMatchObject([{ seq: 2, type: 'kept' }]);
  });

  it('refuse UPDATE and DELETE of events, to the application and to the owner', async () => {
    await accepted();
    for (const sql of [`UPDATE goal_event SET type = 'x'`, 'DELETE FROM goal_event', 'TRUNCATE goal_event']) {
      await expect(inTenant((tx) => rows(tx, sql))).rejects.toThrow(/permission denied/);
    }
    await expect(server.query(`UPDATE goal_event SET type = 'x'`)).rejects.toThrow(/append-only/);
    await expect(server.query('DELETE FROM goal_event')).rejects.toThrow(/append-only/);
  });

  it('store nothing when the state refuses, and say so', async () => {
    const goal = await accepted();
    const append = (patch: Parameters<EventRepository['append']>[2]) =>
      events((repository) => repository.append(goal.id, [{ type: 'x', data: {} }], patch));
    expect(await append({ refuseWhen: ['queued'] })).toBeNull();
    expect(await append({ onlyWhen: ['running'] })).toBeNull();
    expect(await append({ refuseWhen: ['cancelling'], onlyWhen: ['queued'] })).toBe(2);
    await expect(events((repository) => repository.append(newId(), created))).rejects.toMatchObject({
      code: 'goal.not_found',
    });
  });

  it('move between states with times and reasons, and never out of an end', async () => {
    const goal = await accepted();
    const move = (change: Parameters<GoalRepository['transition']>[1]) =>
      goals((repository) => repository.transition(goal.id, change));
    expect(await move({ to: 'planning', reason: 'start' })).toBe(2);
    expect(await move({ to: 'running', reason: 'planned', from: ['paused'] })).toBeNull();
    expect(await move({ to: 'planning', reason: 'again' })).toBeNull();
    const failure = { code: 'x.y', message: 'm', hint: 'h', details: {} };
    expect(await move({ to: 'failed', reason: 'gave up', failure })).toBe(3);
    expect(await move({ to: 'running', reason: 'zombie' })).toBeNull();
    const late = await events((repository) =>
      repository.append(goal.id, [{ type: 'x', data: {} }], { state: 'running' }),
    );
    expect(late).toBeNull();

    const record = await goals((repository) => repository.get(goal.id));
    expect(record).toMatchObject({
      state: 'failed',
      failure,
      startedAt: expect.any(Date),
      finishedAt: expect.any(Date),
    });
    const told = await events((repository) => repository.page(goal.id, 1, 10));
    expect(told.map(({ data }) => data)).toEqual([
      { from: 'queued', to: 'planning', reason: 'start' },
      { from: 'planning', to: 'failed', reason: 'gave up', failure },
    ]);
  });

  it('cannot be called succeeded without having been verified', async () => {
    const goal = await accepted();
    await expect(
      goals((repository) => repository.transition(goal.id, { to: 'succeeded', reason: '' })),
    ).rejects.toThrow(/check/);
    const done = { to: 'succeeded', reason: 'checked', verified: true, progress: 1, result: { rows: 3 } } as const;
    expect(await goals((repository) => repository.transition(goal.id, done))).toBe(2);
    expect(await goals((repository) => repository.get(goal.id))).toMatchObject({
      ...{ progress: 1, result: { rows: 3 } },
    });
  });

  it('know their dependencies, and what those depend on in turn', async () => {
    const first = await accepted();
    const second = await accepted({ dependsOn: [first.id] });
    const third = await accepted({ dependsOn: [second.id, first.id] });
    const known = await goals((repository) => repository.dependencies([first.id, newId()]));
    expect(known).toEqual([{ id: first.id, state: 'queued', objective: first.objective }]);
    const edges = await goals((repository) => repository.dependencyEdges([third.id]));
    expect(new Set(edges.map((edge) => `${edge.goalId}>${edge.dependsOn}`))).toEqual(
      new Set([`${third.id}>${second.id}`, `${third.id}>${first.id}`, `${second.id}>${first.id}`]),
    );
    await expect(accepted({ dependsOn: [newId()] })).rejects.toThrow(/foreign key/);
  });

  it('take their partitions along over the end of a month, also many at once', async () => {
    const times = [
      '2031-01-31T23:59:59.999Z',
      '2031-02-01T00:00:00.000Z',
      '2031-02-28T23:59:59.999Z',
      '2031-03-01T00:00:00Z',
    ];
    const made = await Promise.all([...times, ...times].map((time) => accepted({}, new Date(time))));
    for (const goal of made) expect(await events((repository) => repository.page(goal.id, 0, 10))).toHaveLength(1);
    const partitions = await server.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname LIKE 'goal_event_2031%' AND relkind = 'r' ORDER BY 1`,
    );
    expect(partitions.map(({ name }) => name)).toEqual([
      'goal_event_2031_01',
      'goal_event_2031_02',
      'goal_event_2031_03',
    ]);
  });

  it('go on after the transaction that made a new month was rolled back', async () => {
    const at = new Date('2032-05-05');
    const failing = goals(async (repository) => {
      await repository.accept(aGoal({ tenantId: A }), created, { at });
      await repository.accept(aGoal({ tenantId: A }), created, { at });
      throw new Error('crash');
    });
    await expect(failing).rejects.toThrow('crash');
    const goal = await accepted({}, at);
    expect(await events((repository) => repository.page(goal.id, 0, 10))).toHaveLength(1);
  });

  it('are listed newest first, page by page, whatever is accepted meanwhile', async () => {
    const B = newId();
    await database.tenant(B, (tx) => new TenantRepository(tx).add({ id: B, name: 'B' }));
    const asB = <T>(work: (repository: GoalRepository) => Promise<T>) =>
      database.tenant(B, (tx) => work(new GoalRepository(tx)));
    const at = new Date();
    const made = Array.from({ length: 7 }, () => aGoal({ tenantId: B, id: newId() }));
    for (const goal of made) await asB((repository) => repository.accept(goal, created, { at })); // the same moment, told apart by id
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await asB((repository) => repository.list({ limit: 3, cursor }));
      seen.push(...page.goals.map((record) => record.goal.id));
      cursor = page.next;
      await asB((repository) => repository.accept(aGoal({ tenantId: B, id: newId() }), created));
    } while (cursor);
    expect(seen).toEqual(made.map(({ id }) => id).reverse());
    expect(await asB((repository) => repository.list({ limit: 3, state: 'failed' }))).toEqual({
      goals: [],
      next: null,
    });
    await expect(asB((repository) => repository.list({ limit: 3, cursor: 'nonsense' }))).rejects.toMatchObject({
      code: 'cursor.invalid',
    });
  });
});
