import { marksOf, startWorld, type World } from './setup';

describe('with DECISION_ACTIVITIES=remote', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld({ DECISION_ACTIVITIES: 'remote' })), 120_000);
  afterAll(async () => world?.close(), 60_000);

  it('a goal goes the same way: marks in order, verified, a decision for every step', async () => {
    const { client, far } = world;
    const task = { name: 'test.work', args: { goal: 'remote', k: 3 } };
    const { id } = await client.submit({ task }, 'remote');
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', verified: true, callsMade: 3 });
    expect(marksOf(far, 'remote')).toEqual([0, 1, 2]);
    expect(await client.decisions(id)).toHaveLength(3);
  }, 60_000);

  it('a failure is judged and replanned the same way', async () => {
    const { client } = world;
    const { id } = await client.submit({ task: { name: 'test.other-way', args: { goal: 'around' } } }, 'around');
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', planRevision: 2 });
  }, 60_000);
});
