import { CountingServer, type SystemClient, TestSystem } from '../../libs/testing/src/system';
import { faultsIn, multiset, plannedCalls, untilAllEnded } from './checks';

const GOALS = Array.from({ length: 8 }, (_, index) => `lost-${index}`);
const STEPS = 4;
const WATCHDOG_MS = 120_000;

/** Everything is killed, the file with all workflows is deleted, everything is started again: PostgreSQL alone knows the goals. */
describe('goals whose workflow engine lost its memory', () => {
  let system: TestSystem;
  let client: SystemClient;
  let ids: readonly string[];
  let before: readonly string[];
  const far = new CountingServer({ delayMs: () => 300 });

  beforeAll(async () => {
    system = await TestSystem.start({ REFERENCE_TOOL_URL: await far.listen() });
    client = await system.client();
    const submitted = await Promise.all(
      GOALS.map((key) => client.submit({ task: { name: 'reference.run', args: { k: STEPS, goal: key } } }, key)),
    );
    ids = submitted.map(({ id }) => id);
    await far.untilDelivered(GOALS.length * 2);
    for (const part of ['worker', 'api', 'temporal', 'postgres'] as const) await system.kill(part);
    expect(await system.forgetEngine()).toContain('temporal.db');
    await system.startPart('postgres');
    before = await completedSteps();
    await system.startPart('temporal');
    await Promise.all([system.startPart('api'), system.startPart('worker')]);
    await untilAllEnded(client, WATCHDOG_MS);
  }, 240_000);
  afterAll(async () => {
    await system?.close();
    await far.close();
  }, 60_000);

  async function completedSteps(): Promise<string[]> {
    const rows = await system.query<{ step: string }>(
      `SELECT goal_id || ' ' || id AS step FROM step WHERE state = 'succeeded' ORDER BY 1`,
    );
    return rows.map(({ step }) => step);
  }

  it('are all pursued to a verified end', async () => {
    const ends = await Promise.all(ids.map((id) => client.goal(id)));
    expect(ends.map(({ state, verified }) => ({ state, verified }))).toEqual(
      GOALS.map(() => ({ state: 'succeeded', verified: true })),
    );
  });

  it('keep the steps that were completed before, and none of them runs again', async () => {
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(GOALS.length * STEPS);
    expect(await completedSteps()).toEqual(expect.arrayContaining([...before]));
    const faults = await Promise.all(ids.map(async (id) => faultsIn(await client.events(id))));
    expect(faults.flat()).toEqual([]);
  });

  it('have had each of their effects once', async () => {
    const planned = await plannedCalls(system, ids);
    expect(planned).toHaveLength(GOALS.length * STEPS);
    expect(multiset(far.accepted)).toEqual(multiset(planned));
  });
});
