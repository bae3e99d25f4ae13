import { faultsIn } from '../../chaos/checks';
import { marksOf, startWorld, type World } from '../setup';

jest.setTimeout(120_000);

describe('an observation that contradicts a fact', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()), 120_000);
  afterAll(async () => world?.close(), 60_000);

  const submit = (goal: string, losses: number): Promise<{ id: string }> =>
    world.client.submit({ task: { name: 'test.session', args: { goal, losses, marks: 3 } } }, `key-${goal}`);

  it('leads to the repair of what is downstream of it, and what holds is kept', async () => {
    const { client, far } = world;
    const { id } = await submit('lost-once', 1);
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', verified: true, planRevision: 2 });
    expect(marksOf(far, 'lost-once')).toEqual([0, 5, 0]); // opened, something else, opened again
    const events = await client.events(id);
    const judged = events.find(({ type }) => type === 'plan.revised');
    expect(judged?.data['reason']).toMatch(
      /^repairs open\(lost-once\), which no longer holds .*"open" again; 1 finished step is kept$/,
    );
    expect(faultsIn(events)).toEqual([]);
    const { steps = [] } = await client.goal(id, 'steps');
    expect(steps.map(({ label, state }) => [label, state]).toSorted()).toEqual([
      ['between', 'succeeded'],
      ['open', 'skipped'],
      ['open', 'succeeded'],
      ['use', 'succeeded'],
    ]);
  });

  it('is not repaired the same way twice: the goal fails with the reason', async () => {
    const { client, far } = world;
    const { id } = await submit('lost-for-good', 9);
    const end = await client.until(id);
    expect(end).toMatchObject({ state: 'failed', failure: { code: 'test.closed' } });
    expect(marksOf(far, 'lost-for-good')).toEqual([0, 5, 0]);
  });
});
