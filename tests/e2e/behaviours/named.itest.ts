import { marksOf, SLOW_MS, startWorld, type World } from '../setup';

jest.setTimeout(120_000);

/** Behaviours that the brief of this system names, each under its name, on real parts. */
describe('named behaviours', () => {
  let world: World;
  let count = 0;
  beforeAll(async () => (world = await startWorld()), 120_000);
  afterAll(async () => world?.close(), 60_000);

  const submit = (name: string, goal: string, args: object = {}, more: object = {}): Promise<{ id: string }> =>
    world.client.submit({ task: { name, args: { goal, ...args } }, ...more }, `key-${(count += 1)}`);
  const typesOf = async (id: string): Promise<string[]> => (await world.client.events(id)).map(({ type }) => type);

  it('highest priority first among waiting goals', async () => {
    const { client, system, far } = world;
    await system.stop('worker');
    const begun = far.accepted.length;
    const soon = new Date(Date.now() + 1_800_000).toISOString();
    const ids: string[] = [];
    for (let n = 0; n < 10; n += 1) ids.push((await submit('test.work', 'patient', { k: 1, ms: 150 })).id);
    for (let n = 0; n < 10; n += 1)
      ids.push((await submit('test.work', 'low', { k: 1, ms: 150 }, { priority: 'low' })).id);
    for (let n = 0; n < 4; n += 1)
      ids.push((await submit('test.work', 'urgent', { k: 1, ms: 150 }, { deadline: soon })).id);
    for (let n = 0; n < 4; n += 1)
      ids.push((await submit('test.work', 'high', { k: 1, ms: 150 }, { priority: 'high' })).id);
    await system.startPart('worker', { env: { GK_MAX_ACTIVITIES: '1' } }); // a call at a time: the others wait
    for (const id of ids) await client.until(id, undefined, 90_000);
    const order = far.accepted.slice(begun).map(({ goal }) => goal);
    await system.stop('worker');
    await system.startPart('worker');
    const place = (goal: string, nth: number): number =>
      order.flatMap((name, at) => (name === goal ? [at] : []))[nth] ?? Infinity;
    // What was handed out before the most urgent ones were known is under way: a few calls, never most of them.
    expect(order.filter((goal) => goal === 'urgent')).toHaveLength(4);
    expect(place('urgent', 3)).toBeLessThan(place('patient', 5));
    expect(place('high', 3)).toBeLessThan(place('low', 6));
  }, 180_000);

  it('a goal with an unmet dependency is withheld and released by its completion', async () => {
    const { client, far } = world;
    const first = await submit('test.work', 'first', { k: 1, ms: SLOW_MS });
    const second = await submit('test.work', 'second', { k: 1 }, { dependsOn: [first.id] });
    await client.until(second.id, ['waiting_dependency']);
    expect(await typesOf(second.id)).not.toContain('plan.proposed');
    expect(marksOf(far, 'second')).toEqual([]);
    const done = await client.until(first.id);
    const end = await client.until(second.id);
    expect(end).toMatchObject({ state: 'succeeded', verified: true });
    const events = await client.events(second.id);
    const began = events.find(({ type }) => type === 'plan.proposed')?.time ?? '';
    expect(Date.parse(began)).toBeGreaterThanOrEqual(Date.parse(done.finishedAt ?? ''));
  });

  it('a failed dependency does what the policy says', async () => {
    const { client } = world;
    const failing = await submit('test.hopeless', 'failing');
    const on = (dependencyPolicy: string, more: object = {}): Promise<{ id: string }> =>
      submit('test.work', `on-${(count += 1)}`, { k: 1 }, { dependsOn: [failing.id], dependencyPolicy, ...more });
    const strict = await on('fail');
    const lenient = await on('skip');
    const [goesOn, givesUp, alone, late] = [
      await on('ask'),
      await on('ask'),
      await on('ask', { mayAsk: false }),
      await on('ask', { answerWithinSeconds: 1 }),
    ];
    const failed = { state: 'failed', failure: { code: 'dependency.failed' } };
    expect(await client.until(strict.id)).toMatchObject(failed);
    expect(await client.until(lenient.id)).toMatchObject({ state: 'succeeded', verified: true });
    for (const { id } of [goesOn, givesUp]) await client.until(id, ['waiting_input']);
    expect((await client.questions(goesOn.id))[0]).toMatchObject({ kind: 'dependency', state: 'open' });
    await client.answer(goesOn.id, { choice: 'go_on' });
    await client.answer(givesUp.id, { choice: 'fail' });
    expect(await client.until(goesOn.id)).toMatchObject({ state: 'succeeded', verified: true });
    for (const { id } of [givesUp, alone, late]) expect(await client.until(id)).toMatchObject(failed);
  });

  it('a failed tool never completes a goal', async () => {
    const { client } = world;
    const goals = [await submit('test.hopeless', 'never-works'), await submit('test.liar', 'only-says-so')];
    const [broken, liar] = await Promise.all(goals.map(({ id }) => client.until(id)));
    expect(broken).toMatchObject({ state: 'failed', verified: false });
    expect(await typesOf(broken?.id ?? '')).not.toContain('step.completed');
    expect(liar).toMatchObject({ state: 'failed', verified: false, failure: { code: 'verification.failed' } });
    expect(liar?.progress).toBeLessThanOrEqual(1);
    for (const goal of [broken, liar]) expect(goal?.failure?.message).not.toBe('');
  });

  it('missing file: goal fails with reason, nothing learned as success', async () => {
    const { client, system } = world;
    const learned = async (): Promise<unknown> =>
      system.query(`SELECT 'tool ' || tool AS what, round(successes::numeric, 2)::text FROM tool_stat WHERE successes > 0
        UNION ALL SELECT 'method ' || task || method, round(successes::numeric, 2)::text FROM method_stat WHERE successes > 0 ORDER BY 1`);
    const before = await learned();
    const { id } = await client.submit({ objective: 'analyse no/such/file.csv and report' }, `key-${(count += 1)}`);
    const end = await client.until(id);
    expect(end).toMatchObject({ state: 'failed', verified: false, failure: { code: 'source.missing' } });
    expect(end.failure?.message).toContain('no/such/file.csv');
    expect(await learned()).toEqual(before);
    const [episode] = await system.query<{ outcome: string }>(
      'SELECT outcome FROM episode ORDER BY created_at DESC LIMIT 1',
    );
    expect(episode?.outcome).toBe('failed');
  });

  it('a repeated goal in a new process is planned with what was learned and says so', async () => {
    const { client, system } = world;
    const first = await client.until((await submit('test.taught', 'taught-1')).id);
    expect(first).toMatchObject({ state: 'succeeded', planRevision: 2 });
    for (const part of ['worker', 'api'] as const) await system.kill(part);
    await system.startPart('api');
    await system.startPart('worker');
    const { id } = await submit('test.taught', 'taught-2');
    expect(await client.until(id)).toMatchObject({ state: 'succeeded', planRevision: 1 });
    const proposed = (await client.events(id)).find(({ type }) => type === 'plan.proposed');
    expect(proposed?.data['reason']).toMatch(
      /learned: "open" before "closed" for test\.taught: "open" led 1 of 1 goal to success/,
    );
  });
});
