import { Client, Connection } from '@temporalio/client';
import { parsePublicId } from '@goalkeeper/domain';
import { goalWorkflowId } from '@goalkeeper/workflows/client';
import { SLOW_MS, startWorld } from './setup';

jest.setTimeout(120_000);

/** The installation's first tenant. */
const TENANT = '00000000-0000-7000-8000-000000000001';

/** What the Web UI shows as call stack of a goal whose one step takes its time. */
async function stackOfARunningGoal(threads: string): Promise<string> {
  const world = await startWorld({ GK_WORKFLOW_THREADS: threads });
  try {
    const connection = await Connection.connect({ address: (await world.system.about()).temporal });
    const task = { name: 'test.work', args: { goal: 'stack', k: 1, ms: SLOW_MS } };
    const { id } = await world.client.submit({ task }, 'key-stack');
    while (!(await hasBegun(world.client, id))) await new Promise((r) => setTimeout(r, 50));
    await new Promise((r) => setTimeout(r, 500)); // the workflow task that asked for the call has ended
    const workflow = new Client({ connection }).workflow.getHandle(
      goalWorkflowId({ tenantId: TENANT, goalId: parsePublicId('goal', id) ?? '' }),
    );
    return await workflow.query<string>('__stack_trace').finally(() => connection.close());
  } finally {
    await world.close();
  }
}

async function hasBegun(
  client: { events(id: string): Promise<readonly { type: string }[]> },
  id: string,
): Promise<boolean> {
  return (await client.events(id)).some(({ type }) => type === 'step.started');
}

describe('the call stack of a running goal', () => {
  it('is the same with lean threads, which format it when asked, as with those of the SDK', async () => {
    const lean = await stackOfARunningGoal('lean');
    const stock = await stackOfARunningGoal('stock');
    expect(lean.split('\n\n').sort()).toEqual(stock.split('\n\n').sort());
    for (const place of ['goalWorkflow', 'pursueGoal', 'workPlan', 'tryOnce']) expect(lean).toContain(`at ${place} (`);
  });

  it('is missing where it is switched off', async () => {
    expect(await stackOfARunningGoal('lean-without-stacks')).not.toContain('pursueStep');
  });
});
