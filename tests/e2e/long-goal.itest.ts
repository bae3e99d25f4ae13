import { faultsIn } from '../chaos/checks';
import { marksOf, SHORT_HISTORIES, startWorld, type World } from './setup';

const STEPS = 40;

/** Here the engine asks for a fresh history so early that an ordinary goal is a long one. */
describe('a goal longer than one history', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld({}, SHORT_HISTORIES)), 120_000);
  afterAll(async () => world?.close(), 60_000);

  const submit = (goal: string, ms: number): Promise<{ id: string }> =>
    world.client.submit({ task: { name: 'test.work', args: { goal, k: STEPS, ms } } }, goal);
  const runOf = async (id: string): Promise<string | null> =>
    (await world.client.ask<{ runId: string | null }>('GET', `/v1/goals/${id}/workflow`)).body.runId;

  it('hands over between steps: every step once, in order, events without gap', async () => {
    const { client, far } = world;
    const { id } = await submit('long', 0);
    const first = await runOf(id);
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', verified: true, callsMade: STEPS });
    expect(await runOf(id)).not.toBe(first);
    expect(marksOf(far, 'long')).toEqual(Array.from({ length: STEPS }, (_, step) => step));
    expect(faultsIn(await client.events(id))).toEqual([]);
  }, 90_000);

  it('can be cancelled after it was handed over', async () => {
    const { client, far } = world;
    const { id } = await submit('long-cancelled', 100);
    const first = await runOf(id);
    while ((await runOf(id)) === first) await new Promise((resolve) => setTimeout(resolve, 100));
    await client.command(id, 'cancel');
    expect(await client.until(id)).toMatchObject({ state: 'cancelled' });
    expect(marksOf(far, 'long-cancelled').length).toBeLessThan(STEPS);
  }, 90_000);
});
