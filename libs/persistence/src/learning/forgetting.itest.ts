import { aTaughtGoal, openTestStore, type TestStore } from '@goalkeeper/testing';
import { newId } from '../ids';
import { ForgettingRepository, RETIRED_AT_MOST, RETIRED_DAYS } from './forgetting.repository';
import { LearningRepository } from './learning.repository';

describe('forgetting', () => {
  let store: TestStore;
  let A: string;
  const inA = <T>(work: Parameters<typeof store.database.tenant<T>>[1]) => store.database.tenant(A, work);
  const forget = (evidence = 1_000) => inA((tx) => new ForgettingRepository(tx).forget(evidence));
  /** Lessons `name 1`, `name 2`, …, each a minute older than the one before. */
  const addLessons = (name: string, count: number, told: { status: string; reason: string; days?: number }) =>
    store.server.query(
      `INSERT INTO lesson (id, tenant_id, kind, key, status, body, tasks, origin, statistics, history, updated_at)
       SELECT gen_random_uuid(), $1, 'intent', $2 || ' ' || n, $3, '{"task": "t", "stems": ["a"], "goals": 2}', '{t}', 'learned',
         '{"sources": 2, "support": 0, "against": 0, "trial": null}',
         jsonb_build_array(jsonb_build_object('atMs', 0, 'status', $3::text, 'reason', $4::text)),
         now() - $6 * interval '1 day' - n * interval '1 minute' FROM generate_series(1, $5) AS n`,
      [A, name, told.status, told.reason, count, told.days ?? 0],
    );
  const keys = async (): Promise<string[]> => {
    const found = await store.server.query<{ key: string }>(
      'SELECT key FROM lesson WHERE tenant_id = $1 ORDER BY key',
      [A],
    );
    return found.map(({ key }) => key);
  };
  const snapshot = () =>
    inA(async (tx) => {
      const learning = new LearningRepository(tx);
      await learning.lock();
      return learning.takeSnapshot('for a test');
    });

  beforeAll(async () => (store = await openTestStore()), 60_000);
  beforeEach(async () => (A = await store.addTenant()));
  afterAll(() => store.close());

  it('keeps retired lessons for a time and never more than so many: those that did harm longest', async () => {
    await addLessons('harm', 3, { status: 'retired', reason: 'harmful: in a test', days: 30 });
    await addLessons('old', 2, { status: 'retired', reason: 'no gain', days: RETIRED_DAYS });
    await addLessons('more', RETIRED_AT_MOST + 5, { status: 'retired', reason: 'no longer true' });
    await addLessons('active', 4, { status: 'active', reason: 'good', days: 400 });
    expect(await forget()).toMatchObject({ lessons: 10 });
    const left = await keys();
    expect(left.filter((key) => key.startsWith('more'))).toHaveLength(RETIRED_AT_MOST - 3);
    expect(left.filter((key) => !key.startsWith('more'))).toEqual([
      ...['active 1', 'active 2', 'active 3', 'active 4', 'harm 1', 'harm 2', 'harm 3'],
    ]);
    expect(await forget()).toMatchObject({ lessons: 0, assignments: 0, evidence: 0, snapshots: 0 });
  });

  it('keeps a retired lesson that a snapshot could bring back for as long as the snapshot is kept', async () => {
    await addLessons('pinned', 1, { status: 'active', reason: 'good' });
    const id = await snapshot();
    await store.server.query(
      `UPDATE lesson SET status = 'retired', updated_at = now() - interval '1 year' WHERE tenant_id = $1`,
      [A],
    );
    expect(await forget()).toMatchObject({ lessons: 0 });
    await store.server.query('DELETE FROM snapshot WHERE id = $1', [id]);
    expect(await forget()).toMatchObject({ lessons: 1 });
  });

  it('keeps what goals drew while they are at work or a trial looks at them', async () => {
    await addLessons('trial', 1, { status: 'trial', reason: 'tried' });
    await addLessons('active', 1, { status: 'active', reason: 'good' });
    const atWork = await store.goal({ tenantId: A });
    const ended = [await aTaughtGoal(store, { tenantId: A }), await aTaughtGoal(store, { tenantId: A })];
    for (const { goalId } of [atWork, ...ended])
      await store.server.query(
        `INSERT INTO trial_assignment (tenant_id, goal_id, lesson_id, given) SELECT tenant_id, $2, id, true FROM lesson WHERE tenant_id = $1`,
        [A, goalId],
      );
    expect(await forget(1)).toMatchObject({ assignments: 3 });
    const left = await store.server.query(
      `SELECT a.goal_id AS goal, l.status FROM trial_assignment a JOIN lesson l ON l.id = a.lesson_id WHERE a.tenant_id = $1`,
      [A],
    );
    const newest = ended[1]?.goalId;
    expect(left).toHaveLength(3);
    expect(left).toEqual(
      expect.arrayContaining([
        { goal: atWork.goalId, status: 'trial' },
        { goal: atWork.goalId, status: 'active' },
        { goal: newest, status: 'trial' },
      ]),
    );
  });

  it('empties evidence that no round looks at, and leaves the episodes', async () => {
    for (let n = 0; n < 5; n += 1) {
      const { goalId } = await aTaughtGoal(store, { tenantId: A });
      await store.server.query(
        `UPDATE episode SET evidence = $2, created_at = now() - $3 * interval '1 hour' WHERE goal_id = $1`,
        [...[goalId, JSON.stringify({ goalId, n }), n]],
      );
    }
    await aTaughtGoal(store, { tenantId: A });
    expect(await forget(1)).toMatchObject({ evidence: 3 });
    const left = await store.server.query<{ evidence: object | null }>(
      `SELECT evidence FROM episode WHERE tenant_id = $1 ORDER BY created_at DESC`,
      [A],
    );
    expect(left.map(({ evidence }) => evidence)).toEqual([
      ...[null, expect.objectContaining({ n: 0 }), expect.objectContaining({ n: 1 }), {}, {}, {}],
    ]);
  });

  it('drops snapshots that are old although none is taken any more', async () => {
    for (let n = 0; n < 31; n += 1) await snapshot();
    const id = newId();
    await store.server.query(
      `INSERT INTO snapshot (id, tenant_id, seq, reason, created_at) VALUES ($1, $2, 0, 'old', now() - interval '40 days')`,
      [id, A],
    );
    expect(await forget()).toMatchObject({ snapshots: 1 });
    expect(await store.server.query('SELECT FROM snapshot WHERE id = $1', [id])).toEqual([]);
  });
});
