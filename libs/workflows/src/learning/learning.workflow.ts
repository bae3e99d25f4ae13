import { proxyActivities } from '@temporalio/workflow';
import type { LearningWorkflowInput } from '../client';
import type { LearningActivities, LearningRound } from '../ports';

/** A round that met broken infrastructure is tried a few times; the next one of the schedule reads what this one did not. */
const { learn, listLearningTenants } = proxyActivities<LearningActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '15 minutes',
  retry: { initialInterval: '1s', maximumInterval: '30s', maximumAttempts: 5 },
});

/** One round of learning, tenant after tenant. Nothing of it is in the way of a goal. */
export async function learningWorkflow(input: LearningWorkflowInput): Promise<Record<string, LearningRound>> {
  const tenants = input.tenantId ? [input.tenantId] : await listLearningTenants({});
  const rounds: Record<string, LearningRound> = {};
  for (const tenantId of tenants) rounds[tenantId] = await learn({ tenantId });
  return rounds;
}
