import { continueAsNew, isCancellation, log, proxyActivities } from '@temporalio/workflow';
import type { LearningWorkflowInput } from '../client';
import type { LearningActivities, LearningRound } from '../ports';

/** A round that met broken infrastructure is tried a few times; the next one of the schedule reads what this one did not. */
const RETRY = { initialInterval: '1s', maximumInterval: '30s', maximumAttempts: 5 } as const;
/** All tenants' rounds come one after the other: a worker that died in one of them is noticed by its missing beats. */
const { learn } = proxyActivities<LearningActivities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '15 minutes',
  heartbeatTimeout: '10s',
  retry: RETRY,
});
const { listLearningTenants } = proxyActivities<LearningActivities>({
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: '15 minutes',
  retry: RETRY,
});

/** Tenants of one history; those behind them are for the next. */
const TENANTS_AT_ONCE = 200;

/**
 * One round of learning, tenant after tenant. Nothing of it is in the way of a goal, and no tenant's trouble is in the way of another:
 * its round is null then, and the log says why. A round that was asked for by name fails as it fails.
 */
export async function learningWorkflow(input: LearningWorkflowInput): Promise<Record<string, LearningRound | null>> {
  if (input.tenantId) return { [input.tenantId]: await learn({ tenantId: input.tenantId }) };
  const tenants = await listLearningTenants({ after: input.after ?? null, limit: TENANTS_AT_ONCE });
  const rounds: Record<string, LearningRound | null> = {};
  for (const tenantId of tenants) rounds[tenantId] = await learn({ tenantId }).catch(noRound(tenantId));
  const after = tenants.at(-1);
  if (tenants.length < TENANTS_AT_ONCE || after === undefined) return rounds;
  return continueAsNew<typeof learningWorkflow>({ after });
}

function noRound(tenantId: string): (error: unknown) => null {
  return (error) => {
    if (isCancellation(error)) throw error;
    log.warn('learning.round_failed', { tenantId, error: String(error) });
    return null;
  };
}
