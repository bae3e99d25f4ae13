import { randomUUID } from 'node:crypto';
import type { Connection } from '@temporalio/client';

/** Keyword and date, as the engine's protocol numbers them. */
const KEYWORD = 2;
const DATETIME = 6;

/** A namespace of its own, so that workers of other tests never see these goals; usable when it returns. */
export async function createNamespace(connection: Connection): Promise<string> {
  const namespace = `api-test-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const searchAttributes = { TenantId: KEYWORD, GoalId: KEYWORD, GoalState: KEYWORD, Deadline: DATETIME };
  await patiently(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }));
  await patiently(() => connection.workflowService.listWorkflowExecutions({ namespace, query: 'TenantId = "x"' }));
  return namespace;
}

/** A new namespace is known to every part of the server only after its caches have turned. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  const giveUpAt = performance.now() + 30_000;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await new Promise((again) => setTimeout(again, 250));
    }
  }
}
