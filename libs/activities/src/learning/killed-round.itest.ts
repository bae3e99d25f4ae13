import { createLogger } from '@goalkeeper/platform';
import { type Database, type EntityManager, LessonRepository, type StoredLesson } from '@goalkeeper/persistence';
import { aTaughtGoal, openTestStore, type TestStore } from '@goalkeeper/testing';
import { createLearningActivities } from './learning-activities';

/** A killed worker leaves its transaction to the database, which ends it: so does cutting its connection. */
describe('a round of learning that is killed', () => {
  let store: TestStore;
  const log = createLogger('killed-round-test', 'fatal');
  const shelf = { offered: () => Promise.resolve([]) };
  const learn = (tenantId: string, database = store.database) =>
    createLearningActivities({ database, log, shelf }).learn({ tenantId });
  const told = async (tenantId: string): Promise<object[]> => {
    const lessons = await store.database.tenant(tenantId, (tx): Promise<StoredLesson[]> =>
      new LessonRepository(tx).list({ kind: null, status: null, limit: 1_000, before: null }),
    );
    const plain = lessons.map(({ kind, key, status, statistics, sources }) => ({
      ...{ kind, key, status, statistics, sources: sources.length },
    }));
    return plain.sort((a, b) => (`${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1));
  };
  const taughtTenant = async (): Promise<string> => {
    const tenantId = await store.addTenant();
    for (let goal = 0; goal < 12; goal += 1) await aTaughtGoal(store, { tenantId, arm: 'on' });
    return tenantId;
  };

  beforeAll(async () => (store = await openTestStore()), 60_000);
  afterAll(() => store.close());

  /** A database whose connection is cut when a round sends its statement number `at`. */
  function cutAt(at: number): Pick<Database, 'tenant' | 'system'> {
    let sent = 0;
    const cutting = (tx: EntityManager): EntityManager =>
      new Proxy(tx, {
        get(target, name) {
          const own: unknown = Reflect.get(target, name, target);
          if (name !== 'query' || typeof own !== 'function') return own;
          return async (...args: unknown[]): Promise<unknown> => {
            if ((sent += 1) === at) await target.query('SELECT pg_terminate_backend(pg_backend_pid())');
            return own.apply(target, args) as unknown;
          };
        },
      });
    return {
      tenant: (id, work) => store.database.tenant(id, (tx) => work(cutting(tx))),
      system: (work) => store.database.system((tx) => work(cutting(tx))),
    };
  }

  /** Cuts a round at its first statement, then at its second, and so on, until one comes to its end. */
  async function cutEverywhere(tenantId: string): Promise<number> {
    let cuts = 0;
    for (let isDone = false; !isDone;) {
      isDone = await learn(tenantId, cutAt(cuts + 1) as Database).then(
        () => true,
        () => false,
      );
      if (!isDone) cuts += 1;
    }
    return cuts;
  }

  /** How often snapshots were taken and trials drawn, and the status of each lesson. */
  const traces = async (tenantId: string): Promise<unknown> => {
    const [seq] = await store.server.query(
      `SELECT snapshot_seq AS seq, (SELECT count(*) FROM snapshot n WHERE n.tenant_id = s.tenant_id) AS snapshots,
         (SELECT count(*) FROM snapshot_lesson l WHERE l.tenant_id = s.tenant_id) AS pinned,
         (SELECT count(*) FROM trial_assignment a WHERE a.tenant_id = s.tenant_id) AS drawn
       FROM learning_setting s WHERE tenant_id = $1`,
      [tenantId],
    );
    const moves = await store.server.query<{ kind: string; key: string; moves: string[] }>(
      `SELECT kind, key, ARRAY(SELECT c->>'status' FROM jsonb_array_elements(history) AS c) AS moves FROM lesson
       WHERE tenant_id = $1 ORDER BY kind, key`,
      [tenantId],
    );
    return { seq, moves };
  };

  it('at any of its statements loses nothing and counts nothing twice: shadows, trials, promotion and snapshots', async () => {
    const [calm, killed] = [await taughtTenant(), await taughtTenant()];
    const round = async (status: string): Promise<void> => {
      const cuts = await cutEverywhere(killed);
      await learn(calm);
      expect(cuts).toBeGreaterThan(5);
      const lessons = await told(killed);
      expect(lessons).toEqual(await told(calm));
      expect(lessons.map((lesson) => (lesson as StoredLesson).status)).toContain(status);
      expect(await traces(killed)).toEqual(await traces(calm));
      for (const tenantId of [calm, killed]) await learn(tenantId); // one move a round: a lesson that came to its trial begins it
      expect(await told(killed)).toEqual(await told(calm));
      expect(await traces(killed)).toEqual(await traces(calm));
      expect(await learn(killed)).toMatchObject({ read: 0, changed: 0, snapshotId: null });
    };
    await round('shadow');
    for (const tenantId of [calm, killed])
      for (let goal = 0; goal < 6; goal += 1) await aTaughtGoal(store, { tenantId, arm: 'on' });
    await round('trial');
    for (const tenantId of [calm, killed]) await tried(tenantId);
    await round('active');
  }, 180_000);

  /** Goals that go better with what is on trial, half of which have it. */
  async function tried(tenantId: string): Promise<void> {
    for (let goal = 0; goal < 80; goal += 1) {
      const given = goal % 2 === 0;
      const calls = Array.from({ length: given ? 1 : 6 }, () => ({ tool: 'test.a' }));
      const { goalId } = await aTaughtGoal(store, { tenantId, arm: 'on', calls });
      await store.server.query(
        `INSERT INTO trial_assignment (tenant_id, goal_id, lesson_id, given)
         SELECT tenant_id, $2, id, $3 FROM lesson WHERE tenant_id = $1 AND status = 'trial'
         ON CONFLICT (goal_id, lesson_id) DO UPDATE SET given = excluded.given`,
        [tenantId, goalId, given],
      );
    }
  }
});
