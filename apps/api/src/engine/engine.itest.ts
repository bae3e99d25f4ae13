import { resolve } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@goalkeeper/testing';
import { CommandResponse, parsePublicId, WorkflowResponse } from '@goalkeeper/contracts';
import { GoalRepository, newId } from '@goalkeeper/persistence';
import { goalWorkflowId } from '@goalkeeper/workflows/client';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createNamespace } from '../../test/namespace';
import type { goalWorkflow } from '../../test/answering.workflow';
import { startApi, type Answer, type Api } from '../../test/harness';
import { Reconciler } from '../sweeper/reconciler';

const address = process.env.GK_TEST_TEMPORAL_ADDRESS;
const withEngine = address
  ? describe
  : (name: string, body: () => void) => describe.skip(`${name} (GK_TEST_TEMPORAL_ADDRESS is not set)`, body);

withEngine('with a real engine', () => {
  let db: TestDatabase;
  let api: Api;
  let connection: Connection;
  let client: Client;
  let namespace: string;
  beforeAll(async () => {
    db = await createTestDatabase();
    connection = await Connection.connect({ address: address ?? '' });
    namespace = await createNamespace(connection);
    client = new Client({ connection, namespace });
    api = await startApi(db.url, address, namespace);
  }, 60_000);
  afterAll(async () => {
    for (const { id } of await db.query<{ id: string }>('SELECT id FROM goal'))
      await handleOf(id)
        .terminate('the test is over')
        .catch(() => undefined);
    await api?.close();
    await connection?.close();
    await db?.drop();
  }, 30_000);

  const handleOf = (uuid: string): WorkflowHandle<typeof goalWorkflow> =>
    client.workflow.getHandle(goalWorkflowId({ tenantId: api.tenantId, goalId: uuid }));
  const create = async (json: object = { objective: 'count the stars' }) => {
    const { id } = (await api.call('POST', '/v1/goals', { json })).json;
    return { id: id as string, uuid: parsePublicId('goal', id as string) ?? '' };
  };
  const isStarted = (uuid: string) =>
    handleOf(uuid)
      .describe()
      .then(() => true)
      .catch(() => false);
  const outboxOf = (uuid: string) => db.query('SELECT kind FROM outbox WHERE goal_id = $1', [uuid]);

  it('answers a plan that is only shown with what is missing, where no worker runs', async () => {
    const answer = await api.call('POST', '/v1/goals?dryRun=plan', { json: { objective: 'count the stars' } });
    expect([answer.status, answer.json.code]).toEqual([503, 'preview.no_worker']);
    expect(await db.query('SELECT id FROM goal')).toEqual([]);
  }, 20_000);

  it('says that a round of learning goes on where it takes long, and does not blame the database', async () => {
    const answer = await api.call('POST', '/v1/learning/runs');
    expect([answer.status, answer.json.state]).toEqual([202, 'running']);
  }, 60_000);

  it('a goal is started once, on the queue of its class, findable by tenant, goal and deadline', async () => {
    const deadline = '2099-01-01T00:00:00.000Z';
    const { uuid } = await create({ objective: 'x'.repeat(500), priority: 'high', deadline });
    await until(() => isStarted(uuid));
    const found = await handleOf(uuid).describe();
    expect(found).toMatchObject({ type: 'goalWorkflow', taskQueue: 'goals-high', status: { name: 'RUNNING' } });
    expect(found.priority).toMatchObject({ priorityKey: 2, fairnessKey: api.tenantId });
    expect(found.searchAttributes).toMatchObject({
      TenantId: [api.tenantId],
      GoalId: [uuid],
      GoalState: ['queued'],
      Deadline: [new Date(deadline)],
    });
    expect((await found.staticSummary())?.length).toBe(200);
    await until(async () => (await outboxOf(uuid)).length === 0);
  });

  it('what was accepted but never started is started by the sweeper', async () => {
    const uuid = newId();
    await db.query(
      `INSERT INTO goal (id, tenant_id, objective, priority, max_steps, parallelism, dependency_policy, state, month, created_at, updated_at)
       VALUES ($1, $2, 'lost', 'low', 9, 1, 'fail', 'queued', date_trunc('month', now()), now(), now())`,
      [uuid, api.tenantId],
    );
    await db.query(
      `INSERT INTO outbox (id, tenant_id, goal_id, kind, payload, due_at) VALUES ($1, $2, $1, 'start', '{}', now())`,
      [uuid, api.tenantId],
    );
    await until(() => isStarted(uuid));
    await until(async () => (await outboxOf(uuid)).length === 0);
  }, 15_000);

  it('a goal whose workflow the engine lost is started again, with what it was told', async () => {
    const { id, uuid } = await create();
    await until(() => isStarted(uuid));
    await api.call('POST', `/v1/goals/${id}/pause`);
    await client.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: handleOf(uuid).workflowId },
    });
    await until(async () => !(await isStarted(uuid)));
    await db.query('DELETE FROM outbox WHERE goal_id = $1', [uuid]);
    await everyGoal(api);
    expect(await isStarted(uuid)).toBe(true);
    expect(await outboxOf(uuid)).toEqual([{ kind: 'command' }]);
  }, 30_000);

  it('a goal whose workflow was stopped by hand fails with the reason', async () => {
    const { id, uuid } = await create();
    await until(() => isStarted(uuid));
    await handleOf(uuid).terminate('the operator said so');
    await everyGoal(api);
    const goal = (await api.call('GET', `/v1/goals/${id}`)).json;
    expect(goal).toMatchObject({ state: 'failed', failure: { code: 'workflow.terminated' } });
    expect(goal.failure.message).toContain('the operator said so');
    expect((await workflowOf(id)).status).toBe('TERMINATED');
  }, 30_000);

  it('goals that run are left alone', async () => {
    const { id, uuid } = await create();
    await until(() => isStarted(uuid));
    const before = await handleOf(uuid).describe();
    await everyGoal(api);
    expect((await handleOf(uuid).describe()).runId).toBe(before.runId);
    expect((await api.call('GET', `/v1/goals/${id}`)).json.state).toBe('queued');
  });

  it('a command waits at most two seconds for an answer that nobody gives, and is kept', async () => {
    const { id, uuid } = await create();
    await until(() => isStarted(uuid));
    const begun = performance.now();
    const answer = await api.call('POST', `/v1/goals/${id}/pause`);
    expect(performance.now() - begun).toBeLessThan(3_500);
    expect(await commandOf(answer)).toMatchObject({ state: 'requested' });
    expect(await outboxOf(uuid)).toEqual([{ kind: 'command' }]);
    const workflow = await workflowOf(id);
    expect(workflow).toMatchObject({ status: 'RUNNING', query: null });
    expect(workflow.queryError).not.toBeNull();
  }, 15_000);

  describe('and a worker', () => {
    let worker: Worker;
    let running: Promise<void>;
    beforeAll(async () => {
      worker = await Worker.create({
        connection: await NativeConnection.connect({ address: address ?? '' }),
        namespace,
        taskQueue: 'goals-normal',
        workflowsPath: resolve(__dirname, '../../test/answering.workflow.ts'),
      });
      running = worker.run();
    }, 60_000);
    afterAll(async () => {
      worker?.shutdown();
      await running;
    }, 30_000);

    it('commands are answered: applied, or refused with the reason', async () => {
      const { id, uuid } = await create();
      const paused = await api.call('POST', `/v1/goals/${id}/pause`);
      expect(await settled(paused)).toMatchObject({ state: 'applied' });
      const resumed = await api.call('POST', `/v1/goals/${id}/resume`);
      expect(await settled(resumed)).toMatchObject({
        state: 'refused',
        answer: { message: expect.stringContaining('does not rest') },
      });
      expect(await outboxOf(uuid)).toEqual([]);
    }, 20_000);

    it('the running workflow itself tells how it stands', async () => {
      const { id } = await create();
      await until(async () => (await workflowOf(id)).query !== null);
      const workflow = await workflowOf(id);
      expect(workflow).toMatchObject({ status: 'RUNNING', taskQueue: 'goals-normal', queryError: null });
      expect(workflow.query).toMatchObject({ state: 'running', progress: 0.5, steps: [{ label: 's' }] });
      expect(workflow.ui).toBe(
        `http://127.0.0.1:8233/namespaces/${namespace}/workflows/${encodeURIComponent(workflow.workflowId)}`,
      );
    }, 20_000);

    it('a workflow that completes without closing its goal does not leave it open for ever', async () => {
      const { id, uuid } = await create();
      await api.call('POST', `/v1/goals/${id}/cancel`);
      await handleOf(uuid).result();
      await everyGoal(api);
      const record = await api.database.tenant(api.tenantId, (tx) => new GoalRepository(tx).get(uuid));
      expect(record).toMatchObject({ state: 'failed', failure: { code: 'workflow.terminated' } });
    }, 20_000);
  });

  const workflowOf = async (id: string): Promise<WorkflowResponse> =>
    WorkflowResponse.parse((await api.call('GET', `/v1/goals/${id}/workflow`)).json);
  const commandOf = async (answer: Answer): Promise<CommandResponse> =>
    CommandResponse.parse((await api.call('GET', answer.headers.get('location') ?? '')).json);
  async function settled(answer: Answer): Promise<CommandResponse> {
    await until(async () => (await commandOf(answer)).state !== 'requested');
    return commandOf(answer);
  }
});

/** One look at every unfinished goal, however fresh. */
async function everyGoal(api: Api): Promise<void> {
  const reconciler = api.app.get(Reconciler);
  while ((await reconciler.step(0)) === 'more');
}

async function until(holds: () => Promise<boolean>, patienceMs = 10_000): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error('It did not come true in time');
    await new Promise((again) => setTimeout(again, 100));
  }
}
