import {
  ErasureRepository,
  LearningRepository,
  LessonRepository,
  MemoryRepository,
  type StoredLesson,
} from '@goalkeeper/persistence';
import { aTaughtGoal, openTestStore, type StoredGoal, type TestStore } from '@goalkeeper/testing';
import { createLogger } from '@goalkeeper/platform';
import { createLearningActivities } from './learning-activities';

const SHARE_GOALS = 600;

describe('learning in the store', () => {
  let store: TestStore;
  let A: string;
  const log = createLogger('learning-test', 'fatal');
  const shelf = { offered: () => Promise.resolve([]) };
  const learn = (tenantId = A) =>
    createLearningActivities({ database: store.database, log, shelf }).learn({ tenantId });
  const lessons = (tenantId = A): Promise<StoredLesson[]> =>
    store.database.tenant(tenantId, (tx) =>
      new LessonRepository(tx).list({ kind: null, status: null, limit: 1_000, before: null }),
    );
  const taught = (told: Parameters<typeof aTaughtGoal>[1] = {}) =>
    aTaughtGoal(store, { tenantId: A, arm: 'on', ...told });
  const reliability = async (tool: string) =>
    (await lessons()).find(({ kind, key }) => kind === 'tool_reliability' && key.startsWith(`${tool} |`));
  const recall = (goal: StoredGoal) =>
    new MemoryRepository(store.database).recall(goal, { words: 'analyse', task: 'data.report', limit: 5 });
  /** Puts a lesson where it acts and takes a snapshot. */
  const put = async (id: string, status: 'trial' | 'active'): Promise<string> => {
    await store.server.query('UPDATE lesson SET status = $2 WHERE id = $1', [id, status]);
    return store.database.tenant(A, async (tx) => {
      const learning = new LearningRepository(tx);
      await learning.lock();
      return learning.takeSnapshot('for a test');
    });
  };

  beforeAll(async () => (store = await openTestStore()), 60_000);
  beforeEach(async () => (A = await store.addTenant()));
  afterAll(() => store.close());

  it('makes shadows of what two goals show, with their sources, and finds nothing to do the second time', async () => {
    const goals = [await taught(), await taught()];
    expect(await learn()).toMatchObject({ read: 2, promoted: 0, snapshotId: null });
    const found = await reliability('test.a');
    expect(found).toMatchObject({ status: 'shadow', origin: 'learned', statistics: { sources: 2 } });
    expect(found?.sources).toEqual(goals.map(({ goalId }) => goalId).sort());
    expect(await learn()).toMatchObject({ read: 0, changed: 0, snapshotId: null });
  });

  it('learns nothing as success from goals that were not verified, and refuses what one goal alone shows', async () => {
    await taught({ verified: false });
    await taught({ verified: false });
    await taught({ calls: [{ tool: 'test.b' }] });
    expect((await learn()).refused).toBeGreaterThan(0);
    expect(await lessons()).toEqual([]);
  });

  it('loses nothing when goals end and rounds run at the same time', async () => {
    const goals = Array.from({ length: 20 }, () => taught());
    const rounds = Array.from({ length: 4 }, () => learn());
    const made = await Promise.all(goals);
    await Promise.all(rounds);
    await learn();
    const found = (await lessons()).filter(({ kind }) => kind === 'tool_reliability');
    expect(found).toHaveLength(1);
    expect(found[0]?.sources).toEqual(made.map(({ goalId }) => goalId).sort());
    const unread = await store.server.query('SELECT FROM episode WHERE tenant_id = $1 AND evidence IS NULL', [A]);
    expect(unread).toEqual([]);
  });

  it('reads on behind a goal that it cannot make out', async () => {
    const odd = await taught();
    await store.server.query(`UPDATE plan SET body = '{"task": null}' WHERE goal_id = $1`, [odd.goalId]);
    await taught();
    await taught();
    expect(await learn()).toMatchObject({ read: 3 });
    expect((await reliability('test.a'))?.statistics.sources).toBe(2);
    expect(await learn()).toMatchObject({ read: 0 });
  });

  it('finds the tenants with something to learn page by page, each once', async () => {
    const more = [await store.addTenant(), await store.addTenant()];
    for (const tenantId of more) await taught({ tenantId });
    const learning = createLearningActivities({ database: store.database, log, shelf });
    const found: string[] = [];
    for (let page = ['']; page.length > 0; found.push(...page))
      page = [...(await learning.listLearningTenants({ after: found.at(-1) ?? null, limit: 1 }))];
    expect(found).toEqual([...(await learning.listLearningTenants({ after: null, limit: 1_000 }))]);
    expect(found).toEqual(expect.arrayContaining(more));
    expect(new Set(found).size).toBe(found.length);
  });

  it('keeps lessons, sources, snapshots and trials from other tenants', async () => {
    const B = await store.addTenant();
    await taught();
    await taught();
    await learn();
    await put((await reliability('test.a'))?.id ?? '', 'active');
    expect(await lessons(B)).toEqual([]);
    const counts = await store.database.tenant(B, (tx) =>
      tx.query(`SELECT (SELECT count(*) FROM snapshot) + (SELECT count(*) FROM snapshot_lesson) + (SELECT count(*) FROM lesson_source)
        + (SELECT count(*) FROM trial_assignment) + (SELECT count(*) FROM episode_word) AS rows`),
    );
    expect(counts).toEqual([{ rows: '0' }]);
    await taught({ tenantId: B });
    expect((await learn(B)).read).toBe(1);
  });

  it('pins the snapshot of a goal: a later one changes nothing for it', async () => {
    await taught();
    await taught();
    await learn();
    const id = (await reliability('test.a'))?.id ?? '';
    const first = await put(id, 'active');
    const goal = await store.goal({ tenantId: A });
    await store.server.query(`UPDATE learning_setting SET control_share = 0.05 WHERE tenant_id = $1`, [A]);
    const before = await new MemoryRepository(store.database).recall(goal, {
      ...{ words: 'analyse', task: 'data.report', limit: 5, arm: 'on' },
    });
    expect(before.learned).toMatchObject({ snapshotId: first, arm: 'on' });
    expect(before.learned.lessons.map((lesson) => lesson.id)).toEqual([id]);
    await store.server.query(`UPDATE lesson SET status = 'retired' WHERE id = $1`, [id]);
    const second = await put('00000000-0000-7000-8000-000000000000', 'active');
    expect((await recall(goal)).learned).toEqual(before.learned);
    const later = await store.goal({ tenantId: A });
    expect((await recall(later)).learned).toMatchObject({ snapshotId: second, lessons: [] });
  });

  it('gives a lesson on trial to the goals that drew it, and notes who did', async () => {
    await taught();
    await taught();
    await learn();
    const id = (await reliability('test.a'))?.id ?? '';
    await put(id, 'trial');
    const given: boolean[] = [];
    for (let count = 0; count < 40; count += 1) {
      const goal = await store.goal({ tenantId: A });
      const { learned } = await recall(goal);
      const [noted] = await store.server.query<{ given: boolean }>(
        'SELECT given FROM trial_assignment WHERE goal_id = $1',
        [goal.goalId],
      );
      if (learned.arm === 'off') expect([learned.lessons, noted]).toEqual([[], undefined]);
      else {
        expect(learned.lessons.length === 1).toBe(noted?.given);
        given.push(noted?.given === true);
      }
    }
    expect(given.filter(Boolean).length).toBeGreaterThan(5);
    expect(given.filter((one) => !one).length).toBeGreaterThan(5);
  });

  it('runs the control share, 5 to 10 % of the goals, with nothing of what was learned', async () => {
    await taught();
    const [{ off }] = (await store.server.query(
      `SELECT count(*) FILTER (WHERE gk_draw('control ' || n) < 0.08)::integer AS off FROM generate_series(1, ${SHARE_GOALS * 10}) AS n`,
    )) as [{ off: number }];
    expect(off / (SHARE_GOALS * 10)).toBeGreaterThan(0.06);
    expect(off / (SHARE_GOALS * 10)).toBeLessThan(0.1);
    const goal = await store.goal({ tenantId: A });
    const query = { words: 'analyse weather', task: 'data.report', limit: 5, arm: 'off' as const };
    expect(await new MemoryRepository(store.database).recall(goal, query)).toEqual({
      ...{ episodes: [], toolStats: [], methodStats: [], calibration: null },
      learned: { snapshotId: null, arm: 'off', lessons: [] },
    });
    const set = (share: number) =>
      store.server.query('UPDATE learning_setting SET control_share = $1 WHERE tenant_id = $2', [share, A]);
    await learn();
    for (const share of [0.04, 0, 0.11, 1]) await expect(set(share)).rejects.toThrow(/check constraint/);
  });

  it('erases a goal with every lesson that came of it, in snapshots too, and leaves a receipt', async () => {
    const goals = [await taught({ objective: 'analyse a quokka' }), await taught(), await taught()];
    await learn();
    await put((await reliability('test.a'))?.id ?? '', 'active');
    const gone = goals[0] as StoredGoal;
    const receipt = await store.database.tenant(A, async (tx) => {
      await new LearningRepository(tx).lock();
      return new ErasureRepository(tx).erase([gone.goalId]);
    });
    expect(receipt).toMatchObject({ goalId: gone.goalId, episodes: 1, lessons: 1, snapshots: 1 });
    expect(await lessons()).toEqual([]);
    const left = await store.server.query(
      `SELECT 'episode' AS place FROM episode WHERE goal_id = $1 UNION ALL SELECT 'source' FROM lesson_source WHERE goal_id = $1
       UNION ALL SELECT 'snapshot' FROM snapshot_lesson WHERE tenant_id = $2
       UNION ALL SELECT 'word' FROM episode_word WHERE tenant_id = $2 AND stem = 'quokka'
       UNION ALL SELECT 'stem' FROM episode_stem WHERE tenant_id = $2 AND stem = 'quokka'
       UNION ALL SELECT 'trial' FROM trial_assignment WHERE tenant_id = $2`,
      [gone.goalId, A],
    );
    expect(left).toEqual([]);
    await learn();
    expect((await reliability('test.a'))?.sources).toEqual(
      goals
        .slice(1)
        .map(({ goalId }) => goalId)
        .sort(),
    );
  });

  it('keeps the last snapshot of each of thirty days beside the newest thirty', async () => {
    await taught();
    await learn();
    for (let n = 0; n < 3; n += 1) await put('00000000-0000-7000-8000-000000000000', 'active');
    const move = (seq: number, days: number) =>
      store.server.query(
        `UPDATE snapshot SET created_at = date_trunc('day', now(), 'UTC') - $3 * interval '1 day' WHERE tenant_id = $1 AND seq = $2`,
        [A, seq, days],
      );
    for (const [seq, days] of [
      [1, 40],
      [2, 3],
      [3, 3],
    ] as const)
      await move(seq, days);
    for (let n = 0; n < 31; n += 1) await put('00000000-0000-7000-8000-000000000000', 'active');
    const left = await store.server.query<{ seq: number }>(
      'SELECT seq::integer AS seq FROM snapshot WHERE tenant_id = $1 ORDER BY seq LIMIT 2',
      [A],
    );
    expect(left.map(({ seq }) => seq)).toEqual([3, 5]);
  });

  it('rolls back to what a snapshot held, as a snapshot of its own', async () => {
    await taught();
    await taught({ calls: [{ tool: 'test.b' }] });
    await taught({ calls: [{ tool: 'test.b' }, { tool: 'test.a' }] });
    await learn();
    const [a, b] = [await reliability('test.a'), await reliability('test.b')];
    const first = await put(a?.id ?? '', 'active');
    await put(b?.id ?? '', 'active');
    await store.server.query(`UPDATE lesson SET body = body || '{"successes": 99}' WHERE id = $1`, [a?.id]);
    const back = await store.database.tenant(A, (tx) => new LessonRepository(tx).rollBack(first, Date.now()));
    expect(back).toMatchObject({ seq: 3, lessons: 1, isCurrent: true, reason: 'rolled back to snapshot 1' });
    expect(await reliability('test.a')).toMatchObject({ status: 'active', body: a?.body });
    expect(await reliability('test.b')).toMatchObject({ status: 'retired' });
    const unknown = '00000000-0000-7000-8000-000000000009';
    const nothing = await store.database.tenant(A, (tx) => new LessonRepository(tx).rollBack(unknown, Date.now()));
    expect(nothing).toBeNull();
  });

  it('changes nothing while it is frozen, and catches up after', async () => {
    await taught();
    await taught();
    const freeze = (frozen: boolean) =>
      store.database.tenant(A, async (tx) => {
        const learning = new LearningRepository(tx);
        await learning.lock();
        await learning.configure({ frozen });
      });
    await freeze(true);
    expect(await learn()).toMatchObject({ read: 2, changed: 0 });
    expect(await lessons()).toEqual([]);
    await freeze(false);
    expect((await learn()).changed).toBeGreaterThan(0);
  });
});
