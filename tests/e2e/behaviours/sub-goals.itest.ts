import { parsePublicId } from '@goalkeeper/domain';
import { faultsIn } from '../../chaos/checks';
import { marksOf, SLOW_MS, startWorld, type World } from '../setup';

jest.setTimeout(120_000);

/** Goals that goals raise, on real parts. */
describe('a goal that raises goals', () => {
  let world: World;
  beforeAll(async () => (world = await startWorld()), 120_000);
  afterAll(async () => world?.close(), 60_000);

  const submit = (name: string, goal: string, args: object = {}, more: object = {}): Promise<{ id: string }> =>
    world.client.submit({ task: { name, args: { goal, ...args } }, ...more }, `key-${goal}`);
  /** Resolves once the goal has raised one. */
  async function childOf(id: string): Promise<string> {
    for (;;) {
      const [child] = (await world.client.goal(id)).children;
      if (child) return child.goalId;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('waits for its child, uses its result, and counts its calls among its own', async () => {
    const { client, far } = world;
    const { id } = await submit('test.family', 'family');
    const parent = await client.until(id);
    expect(parent).toMatchObject({ state: 'succeeded', verified: true, callsMade: 4, parent: null });
    expect(marksOf(far, 'family')).toEqual([0, 1, 1]);
    const [{ goalId, stepId } = { goalId: '', stepId: '' }] = parent.children;
    const child = await client.goal(goalId, 'plan,evidence');
    expect(child).toMatchObject({ state: 'succeeded', verified: true, maxSteps: 10, parent: { goalId: id, stepId } });
    expect(child.plan?.task.name).toBe('test.work');
    const [told, own] = [await client.events(id), await client.events(goalId)];
    expect(told.map(({ type }) => type)).toContain('goal.child_started');
    expect([faultsIn(told), faultsIn(own)]).toEqual([[], []]);
  });

  it('takes the failure of its child for an observation, and goes another way', async () => {
    const { client, far } = world;
    const { id } = await submit('test.lost-child', 'lost-child');
    const parent = await client.until(id, undefined, 90_000);
    expect(parent).toMatchObject({ state: 'succeeded', verified: true, planRevision: 2 });
    expect(marksOf(far, 'lost-child')).toEqual([1]);
    expect(await client.goal(parent.children[0]?.goalId ?? '')).toMatchObject({ state: 'failed' });
    const failed = (await client.events(id)).find(({ type }) => type === 'step.failed');
    expect(failed?.data).toMatchObject({ tool: 'goal.pursue', error: { kind: 'explicit' } });
  });

  it('gives its child no more of the budget than the step says, and than it has', async () => {
    const { client } = world;
    const small = await client.until((await submit('test.family', 'small', { k: 4, budget: 3 })).id);
    const child = await client.goal(small.children[0]?.goalId ?? '');
    expect(child).toMatchObject({ state: 'failed', maxSteps: 3, callsMade: 0 });
    expect(small.state).toBe('failed');
    const deadline = new Date(Date.now() + 600_000).toISOString();
    const { id } = await submit('test.family', 'slice', { budget: 50 }, { maxSteps: 6, deadline });
    const end = await client.until(id);
    expect(await client.goal(end.children[0]?.goalId ?? '')).toMatchObject({ maxSteps: 5, deadline });
  });

  it('goes no deeper than goals may', async () => {
    const { client } = world;
    const { id } = await submit('test.endless', 'endless');
    const end = await client.until(id, undefined, 110_000);
    expect(end).toMatchObject({ state: 'failed', failure: { code: 'goal.too_deep' } });
    let depth = 0;
    for (let at = end; at.children[0]; at = await client.goal(at.children[0].goalId)) depth += 1;
    expect(depth).toBe(5);
  });

  it('lets its child rest with it, and go on with it', async () => {
    const { client, far } = world;
    const { id } = await submit('test.family', 'resting', { ms: 700 });
    const child = await childOf(id);
    while ((await client.goal(child)).state !== 'running') await new Promise((resolve) => setTimeout(resolve, 50));
    await client.command(id, 'pause');
    await client.until(child, ['paused']);
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // the call under way ends, and no other begins
    expect(marksOf(far, 'resting').length).toBeLessThanOrEqual(1);
    expect(await client.goal(id)).toMatchObject({ state: 'paused' });
    await client.command(id, 'resume');
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', verified: true });
    expect(marksOf(far, 'resting')).toEqual([0, 1, 1]);
  });

  it('takes its child along when it is cancelled', async () => {
    const { client, far } = world;
    const { id } = await submit('test.family', 'stopped', { ms: SLOW_MS });
    const child = await childOf(id);
    await client.until(child, ['running']);
    await client.command(id, 'cancel', 'changed my mind');
    expect(await client.until(id)).toMatchObject({ state: 'cancelled' });
    expect(await client.until(child)).toMatchObject({ state: 'cancelled', failure: { code: 'goal.cancelled' } });
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS + 500));
    expect(marksOf(far, 'stopped')).toEqual([]);
  });

  it('does not leave its child at work when it ended without telling it', async () => {
    const { client, system, far } = world;
    const { id } = await submit('test.family', 'orphan', { k: 40, ms: 1_500, budget: 60 }, { maxSteps: 100 });
    const child = await childOf(id);
    await client.until(child, ['running']);
    const ended = `UPDATE goal SET state = 'failed', finished_at = now(), updated_at = now() WHERE id = $1`;
    await system.query(ended, [parsePublicId('goal', id)]);
    expect(await client.until(child, undefined, 60_000)).toMatchObject({
      state: 'cancelled',
      failure: { code: 'goal.cancelled' },
    });
    expect(marksOf(far, 'orphan').length).toBeLessThan(40);
  });

  it('loses nothing when every process is killed while its child works', async () => {
    const { client, system, far } = world;
    const { id } = await submit('test.family', 'killed', { ms: 1_500 });
    await childOf(id);
    while (marksOf(far, 'killed').length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const part of ['worker', 'api', 'temporal', 'postgres'] as const) await system.kill(part);
    await Promise.all([system.startPart('postgres'), system.startPart('temporal')]);
    await system.startPart('api');
    await system.startPart('worker');
    const parent = await client.until(id, undefined, 100_000);
    expect(parent).toMatchObject({ state: 'succeeded', verified: true });
    expect(parent.children).toHaveLength(1);
    expect(marksOf(far, 'killed')).toEqual([0, 1, 1]);
    expect(faultsIn(await client.events(id))).toEqual([]);
  }, 180_000);
});
