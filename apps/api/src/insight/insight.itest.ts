import {
  aBeginCall,
  aDecision,
  aFinishCall,
  aLesson,
  aPlan,
  aPlanStep,
  createTestDatabase,
  type TestDatabase,
} from '@goalkeeper/testing';
import {
  DecisionList,
  EffectList,
  GoalResponse,
  PackList,
  parsePublicId,
  ToolList,
  WorkflowResponse,
} from '@goalkeeper/contracts';
import {
  CallRepository,
  ClosingRepository,
  newId,
  PackRepository,
  PlanStore,
  SHARED_TENANT_ID,
  ToolRepository,
  VerificationStore,
} from '@goalkeeper/persistence';
import { startApi, type Api } from '../../test/harness';

let db: TestDatabase;
let api: Api;
let goalId: string;
let uuid: string;
const step = aPlanStep('profile');

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startApi(db.url);
  goalId = (await api.call('POST', '/v1/goals', { json: { objective: 'x' } })).json.id as string;
  uuid = parsePublicId('goal', goalId) ?? '';
  const goal = { tenantId: api.tenantId, goalId: uuid };
  const plan = aPlan([step, aPlanStep('report', { after: [step.id] })]);
  await new PlanStore(api.database, goal).save(plan, null, { type: 'plan.proposed', data: {} });
  const calls = new CallRepository(api.database, goal);
  const effect = { key: 'effect-1', intent: 'abc', class: 'idempotent' } as const;
  await calls.begin(aBeginCall(step, { tool: 'data.profile', args: { file: 'a.csv' }, effect }));
  const result = { secret: 'the answer of the far side' };
  const settled = { key: effect.key, state: 'confirmed', result } as const;
  await calls.finish(aFinishCall(step, { output: { rows: 1461 }, effect: settled }));
  const found = { holds: true, evidence: [{ check: 'rows', holds: true, seen: '1461' }] };
  await new VerificationStore(api.database, goal).save({ revision: 1, ...found, analyses: [], events: [] });
}, 60_000);
afterAll(async () => {
  await api?.close();
  await db?.drop();
}, 30_000);

it('shows plan, steps and evidence with a goal, when asked', async () => {
  const goal = GoalResponse.parse((await api.call('GET', `/v1/goals/${goalId}?include=plan,steps,evidence`)).json);
  expect(goal.plan?.steps.map(({ label, after }) => [label, after])).toEqual([
    ['profile', []],
    ['report', [step.id]],
  ]);
  expect(goal.steps).toMatchObject([
    { label: 'profile', state: 'succeeded', output: { rows: 1461 }, calls: 1 },
    { label: 'report', state: 'pending', output: null, calls: 0 },
  ]);
  expect(goal.evidence).toEqual([{ check: 'rows', holds: true, seen: '1461' }]);
  const plain = (await api.call('GET', `/v1/goals/${goalId}`)).json;
  expect([plain.plan, plain.steps, plain.evidence]).toEqual([undefined, undefined, undefined]);
});

it('shows why an action was chosen', async () => {
  const { data } = DecisionList.parse((await api.call('GET', `/v1/goals/${goalId}/decisions`)).json);
  const made = aDecision(step.id);
  expect(data).toMatchObject([{ stepId: step.id, callNo: 1, chosen: made.chosen, confidence: made.confidence }]);
});

it('tells of remembered goals what they were and what they have in common with this one', async () => {
  const create = async (objective: string) =>
    (await api.call('POST', '/v1/goals', { json: { objective } })).json.id as string;
  const [earlier, later] = [await create('analyse the weather of Seattle'), await create('weather in months')];
  const ref = (id: string) => ({ tenantId: api.tenantId, goalId: parsePublicId('goal', id) ?? '' });
  const told = { ...aLesson().episode, objective: 'analyse the weather of Seattle' };
  const ended = { to: 'succeeded', reason: '', failure: null, verified: true } as const;
  await new ClosingRepository(api.database, ref(earlier)).close({ ...ended, lesson: aLesson({ episode: told }) });
  await new PlanStore(api.database, ref(later)).save(aPlan([step]), null, { type: 'plan.proposed', data: {} });
  const decision = aDecision(step.id, { recalledEpisodes: [told.id, newId()] });
  await new CallRepository(api.database, ref(later)).begin(aBeginCall(step, { decision }));
  const { data, recalled } = DecisionList.parse((await api.call('GET', `/v1/goals/${later}/decisions`)).json);
  expect(data[0]?.recalledEpisodes).toHaveLength(2);
  expect(recalled).toEqual([
    {
      ...{ id: told.id, goalId: earlier, objective: told.objective, task: told.task.name, outcome: told.outcome },
      why: ['both say weather'],
    },
  ]);
});

it('shows the ledger, without what the far side answered', async () => {
  const answer = await api.call('GET', `/v1/goals/${goalId}/effects`);
  const { data } = EffectList.parse(answer.json);
  expect(data).toMatchObject([{ key: 'effect-1', effectClass: 'idempotent', state: 'confirmed', attempts: 1 }]);
  expect(answer.text).not.toContain('secret');
});

it('says what the engine knows when it is away', async () => {
  const workflow = WorkflowResponse.parse((await api.call('GET', `/v1/goals/${goalId}/workflow`)).json);
  expect(workflow).toMatchObject({ status: 'UNREACHABLE', query: null, runId: null, taskQueue: 'goals-normal' });
  expect(workflow.queryError).toMatch(/engine is away/);
});

it('lists tools and packs of the installation, and a tenant its own besides', async () => {
  const tool = { name: 'data.open', version: '1.0.0', summary: 'Open', kind: 'real', effect: 'pure' } as const;
  const limits = { boundMs: 100, timeoutMs: 1000, costUsd: 0 };
  await api.database.tenant(SHARED_TENANT_ID, async (tx) => {
    await new ToolRepository(tx).replaceAll([{ ...tool, ...limits }]);
    const task = { name: 'data.report', summary: 'Report', phrasings: ['analyse {source}'], success: [] };
    const params = [{ name: 'source', type: 'source', required: true }] as const;
    const pack = { name: 'data', version: '1.0.0', summary: 'Data', methods: [], operators: [] };
    await new PackRepository(tx).replaceAll([{ ...pack, tasks: [{ ...task, params }] }]);
  });
  await api.database.tenant(api.foreignTenantId, (tx) =>
    new ToolRepository(tx).replaceAll([{ ...tool, ...limits, name: 'own.tool' }]),
  );
  const names = async (token: string) =>
    ToolList.parse((await api.call('GET', '/v1/tools', { token })).json).data.map(({ name }) => name);
  expect(await names(api.token)).toEqual(['data.open']);
  expect(await names(api.foreignToken)).toEqual(['data.open', 'own.tool']);
  const packs = PackList.parse((await api.call('GET', '/v1/packs')).json);
  expect(packs.data).toMatchObject([{ name: 'data', tasks: [{ name: 'data.report', params: [{ name: 'source' }] }] }]);
});
