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

  it('at any of its statements loses nothing and counts nothing twice', async () => {
    const [calm, killed] = [await taughtTenant(), await taughtTenant()];
    await learn(calm);
    let cuts = 0;
    for (let isDone = false; !isDone;) {
      isDone = await learn(killed, cutAt(cuts + 1) as Database).then(
        () => true,
        () => false,
      );
      if (!isDone) cuts += 1;
    }
    expect(cuts).toBeGreaterThan(5);
    const lessons = await told(killed);
    expect(lessons.length).toBeGreaterThan(0);
    expect(lessons).toEqual(await told(calm));
    expect(await learn(killed)).toMatchObject({ read: 0, changed: 0 });
  }, 60_000);
});
