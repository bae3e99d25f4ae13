import { DEFAULT_TENANT_ID, newId, openDatabase, TenantRepository, TokenRepository } from '@goalkeeper/persistence';
import { type Frame, readStream, SystemClient } from '../../libs/testing/src/system';
import { faultsIn } from '../chaos/checks';
import { marksOf, SLOW_MS, startWorld, type World } from './setup';

describe('the running system', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()), 120_000);
  afterAll(async () => world?.close(), 60_000);

  const submit = (name: string, goal: string, args: Record<string, string | number> = {}): Promise<{ id: string }> =>
    world.client.submit({ task: { name, args: { goal, ...args } } }, `key-${goal}`);

  it('accepts a goal while the workflow engine is down, and pursues it afterwards', async () => {
    const { client, system } = world;
    await system.kill('temporal');
    const accepted = await client.ask<{ id: string; state: string }>('POST', '/v1/goals', {
      body: { task: { name: 'test.work', args: { goal: 'engine-down', k: 1 } } },
      key: 'engine-down',
      persistent: false,
    });
    expect(accepted).toMatchObject({ status: 202, body: { state: 'queued' } });
    await system.startPart('temporal');
    expect(await client.until(accepted.body.id)).toMatchObject({ state: 'succeeded', verified: true });
  }, 90_000);

  it('goes on with a goal whose worker was killed in the middle of a step', async () => {
    const { client, system, far } = world;
    const { id } = await submit('test.work', 'worker-killed', { k: 3, ms: 1_500 });
    while (marksOf(far, 'worker-killed').length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await system.kill('worker');
    await system.startPart('worker');
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', verified: true });
    expect(marksOf(far, 'worker-killed')).toEqual([0, 1, 2]);
    expect(faultsIn(await client.events(id))).toEqual([]);
  }, 90_000);

  it('does not repeat a call that must happen once: when nobody knows its end, the goal says so', async () => {
    const { client, system, far } = world;
    const task = { name: 'test.irreversible', args: { goal: 'irreversible', ms: SLOW_MS } };
    const { id } = await client.submit({ task, mayAsk: false }, 'key-irreversible');
    await far.untilDelivered(far.deliveries.length + (marksOf(far, 'irreversible').length === 0 ? 1 : 0));
    await system.kill('worker');
    await system.startPart('worker');
    expect(await client.until(id)).toMatchObject({ state: 'failed', failure: { code: 'effect.uncertain' } });
    expect(far.deliveries.filter(({ goal }) => goal === 'irreversible')).toHaveLength(1);
    expect((await client.effects(id)).map(({ state }) => state)).toEqual(['dispatched']);
  }, 90_000);

  it('delivers every event once over a stream that is cut ten times', async () => {
    const { client } = world;
    const { id } = await submit('test.work', 'streamed', { k: 6, ms: 200 });
    const frames: Frame[] = [];
    let cuts = 0;
    for (let ended = false; !ended;) {
      const atMost = cuts < 10 ? 2 : Number.MAX_SAFE_INTEGER;
      const read = await readStream(client, id, { after: frames.at(-1)?.id ?? 0, atMost });
      frames.push(...read.frames);
      if (!read.ended) cuts += 1;
      ended = read.ended;
    }
    expect(cuts).toBe(10);
    const all = await client.events(id);
    expect(frames.map(({ id: seq, data }) => [seq, data.type])).toEqual(all.map(({ seq, type }) => [seq, type]));
    expect(frames.map(({ id: seq }) => seq)).toEqual(frames.map((_, index) => index + 1));
  }, 60_000);

  it('shows two tenants nothing of each other, in every route that names a goal', async () => {
    const { client, system } = world;
    const stranger = new SystemClient(client.url, await tokenOfAnotherTenant());
    const { id } = await submit('test.work', 'mine', { k: 1 });
    await client.until(id);
    const theirs = await stranger.submit({ task: { name: 'test.work', args: { goal: 'theirs', k: 1 } } }, 'key-mine');
    await stranger.until(theirs.id);
    expect(theirs.id).not.toBe(id);
    const rooms = ['', '/events', '/artifacts', '/workflow', '/decisions', '/effects'];
    for (const [who, foreign] of [
      [stranger, id],
      [client, theirs.id],
    ] as const) {
      for (const room of rooms) {
        const { status } = await who.ask('GET', `/v1/goals/${foreign}${room}`);
        expect([room, status]).toEqual([room, 404]);
      }
      expect((await who.command(foreign, 'cancel')).status).toBe(404);
    }
    const mine = await client.ask<{ data: { id: string }[] }>('GET', '/v1/goals?limit=200');
    const other = await stranger.ask<{ data: { id: string }[] }>('GET', '/v1/goals?limit=200');
    expect(other.body.data.map((goal) => goal.id)).toEqual([theirs.id]);
    expect(mine.body.data.map((goal) => goal.id)).not.toContain(theirs.id);
    const recalled = (await stranger.decisions(theirs.id)).flatMap(({ recalledEpisodes }) => recalledEpisodes);
    expect(recalled).toEqual([]);
    expect(await system.query('SELECT DISTINCT tenant_id FROM goal')).toHaveLength(2);

    async function tokenOfAnotherTenant(): Promise<string> {
      const { databaseUrl } = await system.about();
      const log = { info: () => undefined, warn: () => undefined };
      const database = await openDatabase({
        url: databaseUrl,
        applicationName: 'test',
        poolSize: 1,
        migrate: false,
        log,
      });
      const tenantId = newId();
      expect(tenantId).not.toBe(DEFAULT_TENANT_ID);
      try {
        return await database.tenant(tenantId, async (tx) => {
          await new TenantRepository(tx).add({ id: tenantId, name: 'another' });
          return (await new TokenRepository(tx).create(tenantId, 'another')).token;
        });
      } finally {
        await database.close();
      }
    }
  }, 60_000);
});
