import type { JsonObject } from '@goalkeeper/domain';
import { startWorld, type World } from './setup';

interface Lessons {
  readonly data: readonly {
    readonly id: string;
    readonly kind: string;
    readonly key: string;
    readonly status: string;
    readonly body: JsonObject;
  }[];
}
interface Snapshots {
  readonly data: readonly { readonly id: string; readonly isCurrent: boolean; readonly lessons: number }[];
}

jest.setTimeout(180_000);

describe('what goals taught', () => {
  let world: World;
  let count = 0;
  const detour = async () => {
    const goal = `taught-${(count += 1)}`;
    const { id } = await world.client.submit({ task: { name: 'test.detour', args: { goal } } }, `taught-key-${count}`);
    await world.client.until(id);
    return id;
  };
  const get = async <Body>(path: string): Promise<Body> => (await world.client.ask<Body>('GET', path)).body;
  const learn = () =>
    world.client.ask<{ state: string; lastRun: { read: number } | null }>('POST', '/v1/learning/runs', {
      body: {},
      key: `run-${(count += 1)}`,
    });

  beforeAll(async () => (world = await startWorld()), 120_000);
  afterAll(async () => world?.close(), 60_000);

  it('is still there after everything was restarted, and the next goal is planned with it and says so', async () => {
    const { system } = world;
    const first = await detour();
    await detour();
    await detour();
    const { status, body } = await learn();
    expect([status, body.state]).toEqual([202, 'completed']);
    const before = await get<Lessons>('/v1/learning/lessons?limit=200');
    const kinds = new Set(before.data.map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['tool_reliability', 'method_preference']));
    const detail = await get<{ sources: string[] }>(`/v1/learning/lessons/${before.data[0]?.id}`);
    expect(detail.sources.length).toBeGreaterThanOrEqual(2);
    await system.query(`UPDATE lesson SET status = 'active' WHERE kind = 'tool_reliability'`);
    await detour();
    await learn(); // what the lesson says has changed: time for a snapshot
    const [pinned] = (await get<Snapshots>('/v1/learning/snapshots')).data;
    // The reliability of the tool, and what has come as far as its trial by now.
    expect(pinned).toMatchObject({ isCurrent: true });
    expect(pinned?.lessons).toBeGreaterThanOrEqual(1);

    for (const part of ['worker', 'api', 'temporal', 'postgres'] as const) await system.kill(part);
    await Promise.all([system.startPart('postgres'), system.startPart('temporal')]);
    await system.startPart('api');
    await system.startPart('worker');

    const after = await get<Lessons>('/v1/learning/lessons?limit=200');
    expect(after.data.map(({ id }) => id)).toEqual(before.data.map(({ id }) => id));
    expect((await get<Snapshots>('/v1/learning/snapshots')).data[0]).toEqual(pinned);
    const again = await detour();
    const [row] = await system.query<{ pin: { snapshotId: string } }>(
      'SELECT learning AS pin FROM goal ORDER BY created_at DESC LIMIT 1',
    );
    expect(`snap_${row?.pin.snapshotId.replaceAll('-', '')}`).toBe(pinned?.id);
    const decisions = await world.client.decisions(again);
    expect(decisions[0]?.chosen?.tool).toBe('test.note');
    expect(decisions[0]?.reason).toContain(
      'Without what was learned from earlier calls it would have been test.broken',
    );
    const found = await get<{ data: { goalId: string; why: string[] }[] }>('/v1/episodes?task=test.detour');
    expect(found.data.map(({ goalId }) => goalId)).toContain(first);
  });

  it('is judged again for a goal that is erased, and keeps nothing of it', async () => {
    const id = await detour();
    await learn();
    const erase = { body: { goalId: id }, key: `erase-${id}` };
    const { status, body } = await world.client.ask<{ episodes: number }>('POST', '/v1/learning/erasures', erase);
    expect([status, body.episodes]).toEqual([200, 1]);
    await learn();
    const { data } = await get<Lessons>('/v1/learning/lessons?limit=200');
    for (const lesson of data) {
      const { sources } = await get<{ sources: string[] }>(`/v1/learning/lessons/${lesson.id}`);
      expect(sources).not.toContain(id);
    }
    const repeated = await world.client.ask<{ code: string }>('POST', '/v1/learning/erasures', {
      ...erase,
      key: 'another',
    });
    expect([repeated.status, repeated.body.code]).toEqual([404, 'episode.not_found']);
    const snapshots = await get<Snapshots>('/v1/learning/snapshots');
    expect(snapshots.data.filter(({ isCurrent }) => isCurrent).length).toBeLessThanOrEqual(1);
  });
});
