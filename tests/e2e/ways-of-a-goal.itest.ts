import { marksOf, SLOW_MS, startWorld, type World } from './setup';

const types = (events: readonly { type: string }[]): string[] => events.map(({ type }) => type);

jest.setTimeout(60_000);

describe('a goal', () => {
  let world: World;
  let count = 0;
  /** A name of its own for each goal, under which the world outside counts. */
  const fresh = (): string => `goal-${(count += 1)}`;
  const submit = (name: string, args: Record<string, string | number>, more: object = {}): Promise<{ id: string }> =>
    world.client.submit({ task: { name, args }, ...more }, `key-${(count += 1)}`);

  beforeAll(async () => (world = await startWorld()), 120_000);
  afterAll(async () => world?.close(), 60_000);

  /** Resolves once a step of the goal has begun that is not completed yet. */
  async function untilRunning(id: string, atLeast = 1): Promise<void> {
    for (;;) {
      const events = types(await world.client.events(id));
      if (events.filter((type) => type === 'step.started').length >= atLeast) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('that is cancelled while a slow step runs ends cancelled and touches nothing afterwards', async () => {
    const { client, far } = world;
    const name = fresh();
    const { id } = await submit('test.work', { goal: name, k: 3, ms: SLOW_MS });
    await untilRunning(id);
    const answer = await client.command(id, 'cancel', 'changed my mind');
    expect(answer.status).toBe(202);
    const end = await client.until(id);
    expect(end).toMatchObject({ state: 'cancelled', failure: { code: 'goal.cancelled', message: 'changed my mind' } });
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS + 500));
    expect(marksOf(far, name)).toEqual([]);
    const events = await client.events(id);
    expect(events.at(-1)).toMatchObject({ type: 'goal.state_changed', data: { to: 'cancelled' } });
  });

  it('whose check is not as short as it says is checked remote, and told of it once', async () => {
    const { client } = world;
    const { id } = await submit('test.late-check', { goal: fresh() });
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', verified: true });
    expect((await client.events(id)).filter(({ type }) => type === 'goal.verified')).toHaveLength(1);
  }, 90_000);

  it('that is paused finishes the call under way, begins no other, and goes on when resumed', async () => {
    const { client, far } = world;
    const name = fresh();
    const { id } = await submit('test.work', { goal: name, k: 3, ms: 700 });
    await untilRunning(id);
    expect((await client.command(id, 'pause')).status).toBe(202);
    await client.until(id, ['paused']);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(marksOf(far, name)).toEqual([0]);
    expect(await client.goal(id)).toMatchObject({ state: 'paused' });
    await client.command(id, 'resume');
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', verified: true });
    expect(marksOf(far, name)).toEqual([0, 1, 2]);
  });

  it('that depends on another begins when that one has succeeded', async () => {
    const { client, far } = world;
    const [first, second] = [fresh(), fresh()];
    const a = await submit('test.work', { goal: first, k: 2, ms: 300 });
    const b = await submit('test.work', { goal: second, k: 1 }, { dependsOn: [a.id] });
    await client.until(b.id, ['waiting_dependency', 'succeeded']);
    expect(await client.until(b.id)).toMatchObject({ state: 'succeeded' });
    const order = far.accepted.filter(({ goal }) => [first, second].includes(goal)).map(({ goal }) => goal);
    expect(order).toEqual([first, first, second]);
  });

  it('fails with the goal it depends on, or goes on without it, as its policy says', async () => {
    const { client } = world;
    const a = await submit('test.hopeless', { goal: fresh() });
    const strict = await submit('test.work', { goal: fresh(), k: 1 }, { dependsOn: [a.id] });
    const policy = { dependsOn: [a.id], dependencyPolicy: 'skip' };
    const lenient = await submit('test.work', { goal: fresh(), k: 1 }, policy);
    expect(await client.until(a.id)).toMatchObject({ state: 'failed' });
    expect(await client.until(strict.id)).toMatchObject({ state: 'failed', failure: { code: 'dependency.failed' } });
    expect(await client.until(lenient.id)).toMatchObject({ state: 'succeeded', verified: true });
  });

  it('ends timed_out at its deadline, and its running call has no effect', async () => {
    const { client, far } = world;
    const name = fresh();
    const deadline = new Date(Date.now() + 1_500).toISOString();
    const { id } = await submit('test.work', { goal: name, k: 1, ms: SLOW_MS }, { deadline });
    expect(await client.until(id)).toMatchObject({ state: 'timed_out', failure: { code: 'goal.deadline' } });
    const told = await client.events(id);
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    expect(marksOf(far, name)).toEqual([]);
    expect(await client.events(id)).toEqual(told);
  });

  it('makes no more calls than maxSteps allows', async () => {
    const { client, far } = world;
    const [long, stubborn] = [fresh(), fresh()];
    const tooLong = await submit('test.work', { goal: long, k: 5 }, { maxSteps: 4 });
    const end = await client.until(tooLong.id);
    expect(end).toMatchObject({ state: 'failed', callsMade: 0 });
    expect(end.failure?.message).toContain('may make 4 calls');
    const wobbling = await submit('test.wobble', { goal: stubborn, failures: 9 }, { maxSteps: 2 });
    expect(await client.until(wobbling.id)).toMatchObject({
      state: 'failed',
      callsMade: 2,
      failure: { code: 'goal.given_up' },
    });
    expect(marksOf(far, stubborn)).toEqual([]);
  });

  it('tries again, takes another tool, or plans anew, as the failure asks for', async () => {
    const { client } = world;
    const ways = await Promise.all([
      submit('test.wobble', { goal: fresh(), failures: 1 }),
      submit('test.detour', { goal: fresh() }),
      submit('test.other-way', { goal: fresh() }),
    ]);
    const ends = await Promise.all(ways.map(({ id }) => client.until(id)));
    expect(ends.map(({ state, planRevision }) => ({ state, planRevision }))).toEqual([
      { state: 'succeeded', planRevision: 1 },
      { state: 'succeeded', planRevision: 1 },
      { state: 'succeeded', planRevision: 2 },
    ]);
    const [retried, detoured, replanned] = await Promise.all(ways.map(async ({ id }) => client.events(id)));
    expect(types(retried ?? [])).toEqual(expect.arrayContaining(['step.failed', 'step.retrying']));
    const tools = (detoured ?? []).filter(({ type }) => type === 'step.completed').map(({ data }) => data.tool);
    expect(tools).toEqual(['test.note']);
    expect(types(replanned ?? [])).toContain('plan.revised');
  });

  it('says which files it may read when its words name another one, also one without an ending', async () => {
    const { client } = world;
    const { id } = await client.submit({ objective: 'analyse /etc/passwd' }, `key-${(count += 1)}`);
    const { state, failure } = await client.until(id);
    expect([state, failure?.code]).toEqual(['failed', 'source.outside_roots']);
    expect(failure?.message).toMatch(/\/etc\/passwd lies outside of the folders that goals may read/);
    expect(failure?.message).toMatch(/Put a CSV, JSON or Parquet file there, or upload it/);
  });

  it('knows from the goals before it: its decisions name their episodes and count their calls', async () => {
    const { client } = world;
    const run = async (): Promise<string> => {
      const { id } = await submit('test.work', { goal: fresh(), k: 1 }, {});
      await client.until(id);
      return id;
    };
    const before = (await client.decisions(await run()))[0];
    const after = (await client.decisions(await run()))[0];
    const successes = (decision: typeof after): number => decision?.candidates[0]?.factors?.successes ?? 0;
    expect(after?.recalledEpisodes.length).toBeGreaterThan(0);
    expect(successes(after)).toBe(successes(before) + 1);
  });
});
