import { faultsIn } from '../../chaos/checks';
import { marksOf, SLOW_MS, startWorld, type World } from '../setup';

jest.setTimeout(120_000);

/** What goals ask people, on real parts. */
describe('a goal that asks', () => {
  let world: World;
  let count = 0;
  const fresh = (): string => `asks-${(count += 1)}`;
  const words = (objective: string, more: object = {}): Promise<{ id: string }> =>
    world.client.submit({ objective, ...more }, `key-${(count += 1)}`);

  beforeAll(async () => (world = await startWorld()), 120_000);
  afterAll(async () => world?.close(), 60_000);

  it('waits for the answer through the kill of every process, and goes on with it', async () => {
    const { client, system } = world;
    const { id } = await words('sample:movies.json');
    await client.until(id, ['waiting_input']);
    const [question] = await client.questions(id);
    expect(question).toMatchObject({ state: 'open', kind: 'intent' });
    for (const part of ['worker', 'api', 'temporal', 'postgres'] as const) await system.kill(part);
    await Promise.all([system.startPart('postgres'), system.startPart('temporal')]);
    await system.startPart('api');
    await system.startPart('worker');
    expect(await client.goal(id)).toMatchObject({ state: 'waiting_input' });
    const choice = question?.choices[0]?.id ?? '';
    expect((await client.answer(id, { choice })).status).toBe(202);
    const end = await client.until(id);
    expect(end).toMatchObject({ state: 'succeeded', verified: true, task: { name: choice } });
    const events = await client.events(id);
    const types = events.map(({ type }) => type);
    expect(types.filter((type) => type.startsWith('input.'))).toEqual(['input.requested', 'input.answered']);
    expect(types.indexOf('input.answered')).toBeLessThan(types.indexOf('plan.proposed'));
    expect(faultsIn(events)).toEqual([]);
  }, 180_000);

  it('takes one answer only, and a repeated request for what it is', async () => {
    const { client } = world;
    const { id } = await words('sample:cars.json');
    await client.until(id, ['waiting_input']);
    const [question] = await client.questions(id);
    const wrong = await client.answer(id, { choice: 'no-such-task' });
    expect([wrong.status, wrong.body.code]).toEqual([400, 'request.invalid']);
    expect((await client.answer(id, { value: 'a text where only choices answer' })).status).toBe(400);
    const choices = question?.choices.map((choice) => choice.id) ?? [];
    const answers = await Promise.all(choices.map((choice, n) => client.answer(id, { choice }, `race-${id}-${n}`)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, ...choices.slice(1).map(() => 409)]);
    const first = answers.findIndex(({ status }) => status === 202);
    const again = await client.answer(id, { choice: choices[first] ?? '' }, `race-${id}-${first}`);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true']);
    const late = await client.answer(id, { choice: choices[first] ?? '' });
    expect([late.status, late.body.code]).toEqual([409, 'question.decided']);
    expect((await client.questions(id))[0]).toMatchObject({ state: 'answered', answer: { choice: choices[first] } });
    await client.until(id);
  });

  it('takes the default when nobody answers in time, and says so', async () => {
    const { client } = world;
    const { id } = await words('sample:cars.json', { answerWithinSeconds: 1 });
    const end = await client.until(id);
    expect(end).toMatchObject({ state: 'failed', failure: { code: 'intent.ambiguous' } });
    expect(end.failure?.message).toContain('nobody answered in time');
    expect((await client.questions(id))[0]).toMatchObject({ state: 'expired', answer: { choice: 'none' } });
    expect((await client.events(id)).map(({ type }) => type)).toContain('input.expired');
  });

  it('fails at once where nobody may be asked, with the nearest tasks', async () => {
    const { client } = world;
    const ambiguous = await client.until((await words('sample:cars.json', { mayAsk: false })).id);
    expect(ambiguous).toMatchObject({ state: 'failed', mayAsk: false, failure: { code: 'intent.ambiguous' } });
    const nearest = (goal: typeof ambiguous): unknown[] => [...(goal.failure?.details['nearest'] as unknown[])];
    expect(nearest(ambiguous).length).toBeGreaterThanOrEqual(2);
    const unknown = await client.until((await words('flurble the quantum wombat', { mayAsk: false })).id);
    expect(unknown).toMatchObject({ state: 'failed', failure: { code: 'intent.unknown' } });
    const tasks = (await client.ask<{ data: { tasks: { phrasings: string[] }[] }[] }>('GET', '/v1/packs')).body.data;
    const offered = tasks.flatMap((pack) => pack.tasks.filter(({ phrasings }) => phrasings.length > 0));
    expect(nearest(unknown)).toHaveLength(Math.min(3, offered.length));
  });

  it('asks for an argument that the words lack, and checks it', async () => {
    const { client } = world;
    const { id } = await words('analyse the data and write a report');
    await client.until(id, ['waiting_input']);
    const [question] = await client.questions(id);
    expect(question).toMatchObject({ kind: 'argument', schema: { type: 'string' } });
    expect((await client.answer(id, { value: 7 })).status).toBe(400);
    expect((await client.answer(id, { value: 'sample:cars.json' })).status).toBe(202);
    expect(await client.until(id)).toMatchObject({
      state: 'succeeded',
      task: { args: { source: 'sample:cars.json' } },
    });
  });

  it('asks whether an effect happened that nobody saw the end of, and believes the answer', async () => {
    const { client, system, far } = world;
    const submit = (goal: string): Promise<{ id: string }> =>
      client.submit({ task: { name: 'test.irreversible', args: { goal, ms: SLOW_MS } } }, goal);
    const [yes, no] = [fresh(), fresh()];
    const begun = far.deliveries.length;
    const ids = [(await submit(yes)).id, (await submit(no)).id] as const;
    await far.untilDelivered(begun + 2);
    await system.kill('worker');
    await system.startPart('worker');
    for (const id of ids) await client.until(id, ['waiting_input'], 90_000);
    expect((await client.questions(ids[0])).map(({ kind }) => kind)).toEqual(['effect']);
    await client.answer(ids[0], { choice: 'happened' });
    await client.answer(ids[1], { choice: 'not_happened' });
    expect(await client.until(ids[0])).toMatchObject({ state: 'succeeded', verified: true });
    await client.until(ids[1]);
    expect([marksOf(far, yes).length, far.deliveries.filter(({ goal }) => goal === no).length]).toEqual([1, 2]);
    expect((await client.effects(ids[0])).map(({ state }) => state)).toEqual(['confirmed']);
  }, 180_000);

  it('shows what it asks in the list of all questions, and no longer once it has ended', async () => {
    const { client } = world;
    const open = async (): Promise<string[]> =>
      (await client.ask<{ data: { goalId: string }[] }>('GET', '/v1/questions')).body.data.map(({ goalId }) => goalId);
    const { id } = await words('sample:cars.json');
    await client.until(id, ['waiting_input']);
    expect(await open()).toContain(id);
    await client.command(id, 'cancel');
    await client.until(id);
    expect(await open()).not.toContain(id);
    const late = await client.answer(id, { choice: 'none' });
    expect([late.status, late.body.code]).toEqual([409, 'goal.terminal']);
  });
});
