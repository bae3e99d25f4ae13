import { CountingServer, seededRandom, type SystemClient, TestSystem } from '../../libs/testing/src/system';
import { faultsIn, multiset, plannedCalls, unaccountedDeliveries, untilAllEnded } from './checks';
import { planLoad, STEPS, strikeAll, submitAll } from './load';

/**
 * A stack of its own, 30 goals, SIGKILL to worker, API, Temporal and PostgreSQL at points that a seed chooses.
 * `npm test` runs one seed; more: `GK_CHAOS_SEEDS=1,2,3 npm test system tests/chaos/kill`.
 */
const seeds = (process.env.GK_CHAOS_SEEDS ?? process.env.GK_CHAOS_SEED ?? '20261').split(',').map(Number);
/** No bound of the promise: it only keeps a broken run from hanging. */
const WATCHDOG_MS = 240_000;

describe.each(seeds)('a kill loses nothing (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const { goals, strikes } = planLoad(random);
  let system: TestSystem;
  let client: SystemClient;
  let ids: ReadonlyMap<string, string>;
  const far = new CountingServer({
    delayMs: () => 150 + Math.floor(random() * 500),
    elsewhere: (name) =>
      goals.some(({ key, kind }) => key === name && kind === 'transactional') ? rowsOf(name) : null,
  });
  const say = (line: string): void => void process.stderr.write(`  seed ${seed}: ${line}\n`);
  const idsOf = (kind: string): string[] =>
    goals.filter((goal) => goal.kind === kind).map(({ key }) => ids.get(key) as string);

  /** Rows of a goal with its effects in the database; asks as long as the database is away. */
  async function rowsOf(goal: string): Promise<readonly number[]> {
    for (;;) {
      try {
        const rows = await system.query<{ step: number }>('SELECT step FROM tool_calls WHERE goal = $1', [goal]);
        return rows.map(({ step }) => step);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100)); // killed just now: it comes back
      }
    }
  }

  beforeAll(async () => {
    system = await TestSystem.start({ REFERENCE_TOOL_URL: await far.listen() });
    await system.query('CREATE TABLE tool_calls (goal text, step integer, pid integer)');
    await system.query('GRANT ALL ON tool_calls TO PUBLIC');
    client = await system.client();
    const [accepted] = await Promise.all([submitAll(client, far, goals), strikeAll(system, far, strikes, say)]);
    ids = accepted;
    const ended = await untilAllEnded(client, WATCHDOG_MS);
    say(`${ended.length} goals ended, ${far.deliveries.length} calls arrived, ${far.accepted.length} counted`);
  }, 400_000);
  afterAll(async () => {
    await system?.close();
    await far.close();
  }, 60_000);

  it('brings every accepted goal to a verified end', async () => {
    const ends = await Promise.all([...ids.values()].map((id) => client.goal(id)));
    const wrong = ends.filter(({ state, verified }) => state !== 'succeeded' || !verified);
    expect(wrong.map(({ id, state, failure }) => ({ id, state, failure }))).toEqual([]);
    expect(ends).toHaveLength(goals.length);
  });

  it('makes one goal of each key, however often it was sent', async () => {
    const again = await Promise.all(goals.map(({ body, key }) => client.submit(body, key)));
    expect(again.map(({ id }) => id)).toEqual(goals.map(({ key }) => ids.get(key)));
    expect(await system.query('SELECT count(*)::integer AS goals FROM goal')).toEqual([{ goals: goals.length }]);
  });

  it('does outside what the plans say, each call once', async () => {
    const planned = await plannedCalls(system, idsOf('idempotent'));
    expect(planned).toHaveLength(24 * STEPS);
    expect(multiset(far.accepted)).toEqual(multiset(planned));
    const rows = await system.query<{ goal: string; step: number }>('SELECT goal, step FROM tool_calls');
    const written = rows.map(({ goal, step }) => ({ goal, step, intent: JSON.stringify({ goal, step }) }));
    expect(multiset(written)).toEqual(multiset(await plannedCalls(system, idsOf('transactional'))));
  });

  it('numbers events without gap or repeat, and never runs a completed step again', async () => {
    const faults: string[] = [];
    for (const { key, kind } of goals) {
      const events = await client.events(ids.get(key) as string);
      faults.push(...faultsIn(events).map((fault) => `${key}: ${fault}`));
      if (kind === 'idempotent') faults.push(...unaccountedDeliveries(far, key, events));
    }
    expect(faults).toEqual([]);
  });

  it('has one confirmed effect for every step in the ledger', async () => {
    for (const id of [...idsOf('idempotent'), ...idsOf('transactional')]) {
      const effects = await client.effects(id);
      const steps = (await client.goal(id, 'plan')).plan?.steps.map((step) => step.id) ?? [];
      expect(effects.map(({ stepId }) => stepId).sort()).toEqual([...steps].sort());
      expect(new Set(effects.map(({ state }) => state))).toEqual(new Set(['confirmed']));
    }
  });

  it('has no process that ended by itself', async () => {
    expect((await system.about()).deaths).toEqual([]);
  });
});
