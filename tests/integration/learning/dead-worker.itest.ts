import { resolve } from 'node:path';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';

const address = process.env.GK_TEST_TEMPORAL_ADDRESS;
const withEngine = address
  ? describe
  : (name: string, body: () => void) => describe.skip(`${name} (GK_TEST_TEMPORAL_ADDRESS is not set)`, body);
const taskQueue = `dead-worker-${process.pid}`;

withEngine('a round of learning whose worker is gone', () => {
  it('is taken up by another long before its time is over, for the tenants behind it wait', async () => {
    const attempts: string[] = [];
    const connection = await NativeConnection.connect({ address: address ?? '' });
    const worker = await Worker.create({
      ...{ connection, taskQueue },
      workflowsPath: resolve(__dirname, '../../../libs/workflows/src/learning/learning.workflow.ts'),
      activities: {
        listLearningTenants: () => Promise.resolve(['a', 'b']),
        learn: ({ tenantId }: { tenantId: string }) => {
          attempts.push(tenantId);
          // What a killed worker looks like to the engine: begun, and never heard of again.
          return attempts.length === 1 ? Context.current().cancelled : Promise.resolve({ of: tenantId });
        },
      },
    });
    const running = worker.run();
    const client = new Client({ connection: await Connection.connect({ address: address ?? '' }) });
    const rounds = await client.workflow.execute('learningWorkflow', {
      ...{ taskQueue, workflowId: taskQueue, args: [{}] },
    });
    expect(rounds).toEqual({ a: { of: 'a' }, b: { of: 'b' } });
    expect(attempts).toEqual(['a', 'a', 'b']);
    worker.shutdown();
    await running;
    await connection.close();
    await client.connection.close();
  }, 90_000);
});
