import { type Plan, parsePack } from '@goalkeeper/domain';
import { aGoal, aPlan, aPlanStep } from '@goalkeeper/testing';
import type { PlanGoalInput } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { FollowedGoals } from '../tools/followed-goals';
import { createPlanningActivities } from './planning-activities';

jest.mock('../heartbeat', () => ({ withHeartbeat: (work: () => unknown) => work() }));

const pack = parsePack({
  name: 'test',
  version: '1.0.0',
  summary: 'one step',
  tasks: [{ name: 'test.work', summary: 'work', params: [], success: [checkOf('a'), checkOf('b')] }],
  methods: [
    { name: 'way', task: 'test.work', summary: 'way', cost: 1, subtasks: [{ id: 'a', task: 'test.do', args: {} }] },
  ],
  operators: [{ name: 'test.do', summary: 'do', params: [], tools: [{ tool: 'test.echo', args: {} }] }],
});

function checkOf(name: string): object {
  return { name: `test.${name}`, summary: name, args: {} };
}

const echo = {
  ...{ name: 'test.echo', version: '1.0.0', summary: 'echo', kind: 'mock', effect: 'pure' },
  ...{ boundMs: 10, timeoutMs: 10, costUsd: 0 },
};
const input: PlanGoalInput = {
  goal: aGoal({ task: { name: 'test.work', args: {} } }),
  recall: { episodes: [], toolStats: [], methodStats: [] },
  ...{ repair: null, revision: 1, analyses: [], effort: 'quick' },
};

/** A store in which another attempt stores `other`, if any, while this one plans; verifiers take `boundMs` each. */
function aWorld({ other = null, boundMs = 10 }: { other?: Plan | null; boundMs?: number }) {
  let stored: Plan | null = null;
  const perform = async ({ name, input: asked }: { name: string; input: { plan: Plan } }): Promise<unknown> => {
    if (name === 'gk_plan_state')
      return stored ? { plan: stored, succeeded: [], observations: [], callsMade: 0 } : { plan: null };
    const isFirst = other === null;
    stored = other ?? asked.plan;
    return isFirst;
  };
  const tools = { packs: () => [pack], descriptors: () => [echo], verifier: () => ({ boundMs }) };
  const wakeups = { publish: () => undefined };
  const database = { perform, tenant: async () => [] };
  return { database, tools, wakeups, decisions: 'local' } as unknown as ActivityDeps;
}

describe('planning', () => {
  it('answers with its own plan where nobody was faster', async () => {
    const result = await createPlanningActivities(aWorld({}), new FollowedGoals()).planGoal(input);
    expect(result).toMatchObject({ kind: 'planned', plan: { steps: [{ operator: 'test.do' }] }, tools: [echo] });
  });

  it('answers with the plan that is stored where another attempt was faster', async () => {
    const other = aPlan([aPlanStep('other')], { reason: 'by a later deployment' });
    const result = await createPlanningActivities(aWorld({ other }), new FollowedGoals()).planGoal(input);
    expect(result).toMatchObject({ kind: 'planned', plan: other });
  });

  it('asks the store nothing for a first plan but to keep it', async () => {
    const world = aWorld({});
    const perform = jest.spyOn(world.database, 'perform');
    await createPlanningActivities(world, new FollowedGoals()).planGoal(input);
    expect(perform.mock.calls.map(([{ name }]) => name)).toEqual(['gk_store_plan']);
  });

  it('goes on with the plan that is stored where no other can be made any more', async () => {
    const world = aWorld({});
    const { planGoal } = createPlanningActivities(world, new FollowedGoals());
    await planGoal(input);
    const nameless = { ...input, goal: aGoal({ task: { name: 'test.gone', args: {} } }) };
    expect(await planGoal(nameless)).toMatchObject({ kind: 'planned', plan: { steps: [{ operator: 'test.do' }] } });
  });

  it.each([
    [99, 'local'],
    [100, 'remote'],
  ] as const)(
    'has goals verified in the workflow task where all checks together are short: %d ms each, %s',
    async (boundMs, where) => {
      const result = await createPlanningActivities(aWorld({ boundMs }), new FollowedGoals()).planGoal(input);
      expect(result).toMatchObject({ verification: where });
    },
  );
});
