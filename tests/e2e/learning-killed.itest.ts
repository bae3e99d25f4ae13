import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startWorld, type World } from './setup';

jest.setTimeout(150_000);

interface Lesson {
  readonly kind: string;
  readonly key: string;
  readonly sources: string[];
  readonly statistics: { readonly sources: number };
}

/** A round is stopped where it waits for a table that the test holds, and its worker is killed right there. */
describe('a worker that is killed in the middle of a round of learning', () => {
  let world: World;
  let count = 0;
  const detour = async () => {
    const goal = `killed-${(count += 1)}`;
    const { id } = await world.client.submit({ task: { name: 'test.detour', args: { goal } } }, `killed-key-${count}`);
    await world.client.until(id);
    return id;
  };
  const ask = () =>
    world.client.ask<{ state: string }>('POST', '/v1/learning/runs', { body: {}, key: `killed-run-${(count += 1)}` });
  /** Until a round that is under way has come to its end. */
  const learn = async (): Promise<void> => {
    while ((await ask()).body.state !== 'completed') await sleep(500);
  };
  const lessons = () =>
    world.system.query<Lesson>(
      `SELECT kind, key, statistics, ARRAY(SELECT s.goal_id::text FROM lesson_source s WHERE s.lesson_id = l.id ORDER BY 1) AS sources
       FROM lesson l ORDER BY kind, key`,
    );
  const rowsOf = async (table: string): Promise<number> => {
    const [found] = await world.system.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    return Number(found?.count);
  };

  beforeAll(async () => {
    // The schedule's own rounds stay out of the way.
    world = await startWorld({ GK_LEARNING_EVERY_SECONDS: '3600' });
  }, 120_000);
  afterAll(async () => world?.close(), 60_000);

  /** Runs a round into a lock, kills its worker there, and lets another take over. */
  async function killedAt(lock: string): Promise<void> {
    const { databaseUrl } = await world.system.about();
    const holder = new Client({ connectionString: databaseUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(lock);
      const asked = ask().catch(() => null);
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      while ((await holder.query(waiting)).rowCount === 0) await sleep(50);
      await world.system.kill('worker');
      await holder.query('ROLLBACK');
      await world.system.startPart('worker');
      await asked;
    } finally {
      await holder.end();
    }
    await learn();
  }

  it.each([
    ['before it writes', 'LOCK TABLE learning_setting IN EXCLUSIVE MODE'],
    ['between a lesson and its sources', 'LOCK TABLE lesson_source IN SHARE MODE'],
    ['before it tells what it did', 'LOCK TABLE erasure_receipt, snapshot IN EXCLUSIVE MODE'],
  ])('%s: the next one comes to the one result, once', async (_where, lock) => {
    const before = await rowsOf('snapshot');
    const ids = [await detour(), await detour()].map((id) => id.replace('goal_', ''));
    // What is active says something else after the next goals: time for a snapshot.
    await world.system.query(
      `UPDATE lesson SET status = 'active' WHERE kind = 'tool_reliability' AND status <> 'retired'`,
    );
    await killedAt(lock);
    const found = await lessons();
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ kind, key }) => `${kind} ${key}`)).size).toBe(found.length);
    for (const { sources, statistics } of found) expect(statistics.sources).toBe(sources.length);
    const reliable = found.find(({ kind, key }) => kind === 'tool_reliability' && key.startsWith('test.note'));
    expect(reliable?.sources.map((id) => id.replaceAll('-', ''))).toEqual(expect.arrayContaining(ids));
    const snapshots = await rowsOf('snapshot');
    expect(snapshots - before).toBeLessThanOrEqual(1);
    await learn();
    expect(await lessons()).toEqual(found);
    expect(await rowsOf('snapshot')).toBe(snapshots);
    expect(await world.system.query('SELECT FROM episode WHERE evidence IS NULL')).toEqual([]);
  });
});
