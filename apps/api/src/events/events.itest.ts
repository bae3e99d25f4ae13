import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { EventPage, GoalEvent, parsePublicId, type GoalResponse } from '@goalkeeper/contracts';
import { EventRepository, GoalRepository } from '@goalkeeper/persistence';
import { startApi, type Api } from '../../test/harness';
import { listen } from '../../test/server-sent';
import { Shutdown } from '../core/shutdown';

let db: TestDatabase;
let api: Api;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

const newGoal = async (): Promise<string> =>
  ((await api.call('POST', '/v1/goals', { json: { objective: 'x' } })).json as GoalResponse).id;
const uuidOf = (id: string): string => parsePublicId('goal', id) ?? '';
const append = (id: string, count: number) =>
  api.database.tenant(api.tenantId, (tx) =>
    new EventRepository(tx).append(
      uuidOf(id),
      Array.from({ length: count }, (_, n) => ({ type: 'tool.completed', stepId: 's', data: { n, text: 'ä\nb' } })),
    ),
  );
const end = (id: string) =>
  api.database.tenant(api.tenantId, (tx) =>
    new GoalRepository(tx).transition(uuidOf(id), { to: 'cancelled', reason: 'test' }),
  );
const stream = (id: string, headers: Record<string, string> = {}, enough?: (frames: number) => boolean) =>
  listen(`${api.url}/v1/goals/${id}/events`, { authorization: `Bearer ${api.token}`, ...headers }, enough);

describe('a page of events', () => {
  it('goes on where the last one ended', async () => {
    const id = await newGoal();
    await append(id, 25);
    const seen: number[] = [];
    let after: number | null = 0;
    while (after !== null) {
      const answer = await api.call('GET', `/v1/goals/${id}/events?after=${after}&limit=10`);
      const page: EventPage = EventPage.parse(answer.json);
      seen.push(...page.data.map(({ seq }) => seq));
      after = page.page.next;
    }
    expect(seen).toEqual(Array.from({ length: 26 }, (_, index) => index + 1));
  });
});

describe('a stream of events', () => {
  it('cut ten times delivers every event exactly once, in order', async () => {
    const id = await newGoal();
    const total = 120;
    const writing = (async () => {
      for (let batch = 0; batch < (total - 20) / 5; batch++) await append(id, 5);
    })();
    const seen: number[] = [];
    for (let cut = 0; cut < 10; cut++) {
      const headers: Record<string, string> = seen.length ? { 'last-event-id': String(seen.at(-1)) } : {};
      const part = await stream(id, headers, (frames) => frames >= 1 + (cut % 4));
      expect(part.ended).toBe('cut');
      seen.push(...part.frames.map(({ id: seq }) => Number(seq)));
    }
    await writing;
    const rest = stream(id, { 'last-event-id': String(seen.at(-1)) });
    await append(id, 18);
    await end(id);
    const last = await rest;
    seen.push(...last.frames.map(({ id: seq }) => Number(seq)));
    expect(seen).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    expect([last.ended, last.comments.at(-1)]).toEqual(['server', 'end goal.terminal']);
    for (const { data } of last.frames) GoalEvent.parse(JSON.parse(data));
  }, 30_000);

  it('sends what is there already and ends by itself with the goal', async () => {
    const id = await newGoal();
    await append(id, 1_200);
    await end(id);
    const { frames, ended } = await stream(id);
    expect(frames.map(({ id: seq }) => Number(seq))).toEqual(Array.from({ length: 1_202 }, (_, index) => index + 1));
    expect(frames.at(-1)).toMatchObject({ event: 'goal.state_changed' });
    expect(ended).toBe('server');
  }, 30_000);

  it('answers 204 when nothing is left, so that browsers stop asking', async () => {
    const id = await newGoal();
    await end(id);
    expect((await stream(id, { 'last-event-id': '2' })).status).toBe(204);
  });

  it('refuses an id that cannot be one', async () => {
    const answer = await api.call('GET', `/v1/goals/${await newGoal()}/events`, {
      headers: { accept: 'text/event-stream', 'last-event-id': 'abc' },
    });
    expect([answer.status, answer.json.code]).toEqual([400, 'request.invalid']);
  });

  it('lets two readers follow one goal', async () => {
    const id = await newGoal();
    const readers = [stream(id), stream(id)];
    await append(id, 3);
    await end(id);
    for (const { frames } of await Promise.all(readers)) expect(frames).toHaveLength(5);
  });

  it('ends when the server stops', async () => {
    const id = await newGoal();
    const following = stream(id, {}, () => false);
    await new Promise((resolve) => setTimeout(resolve, 300));
    api.app.get(Shutdown).begin();
    const { ended, comments } = await following;
    expect([ended, comments.at(-1)]).toEqual(['server', 'end server.stopping']);
  });
});
