import { createLogger } from '@goalkeeper/platform';
import { LessonRepository, type StoredLesson } from '@goalkeeper/persistence';
import { aTaughtGoal, openTestStore, type TestStore } from '@goalkeeper/testing';
import { createLearningActivities } from './learning-activities';

/** A killed worker leaves its transaction to the database, which ends it: so does cutting its connection. */
describe('a round of learning that is killed', () => {
  let store: TestStore;
  const log = createLogger('killed-round-test', 'fatal');
  const shelf = { offered: () => Promise.resolve([]) };
  const learn = (tenantId: string) =>
    createLearningActivities({ database: store.database, log, shelf }).learn({ tenantId });
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

  it('loses nothing and counts nothing twice', async () => {
    const [calm, killed] = [await taughtTenant(), await taughtTenant()];
    await learn(calm);
    let cut = 0;
    for (let round = 0; round < 12; round += 1) {
      const running = learn(killed).then(
        () => 'done',
        () => 'cut',
      );
      for (let wait = 0; wait < round; wait += 1) await new Promise((resolve) => setImmediate(resolve));
      await store.server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
      );
      if ((await running) === 'cut') cut += 1;
    }
    expect(cut).toBeGreaterThan(0);
    await learn(killed);
    const lessons = await told(killed);
    expect(lessons.length).toBeGreaterThan(0);
    expect(lessons).toEqual(await told(calm));
    expect(await learn(killed)).toMatchObject({ read: 0, changed: 0 });
  }, 60_000);
});
