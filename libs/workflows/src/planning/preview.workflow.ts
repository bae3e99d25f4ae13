import type { Goal } from '@goalkeeper/domain/workflow';
import { proxyLocalActivities } from '@temporalio/workflow';
import type { PlanPreview, PreviewActivities } from '../ports';

const { previewPlan } = proxyLocalActivities<PreviewActivities>({
  startToCloseTimeout: '4s',
  retry: { maximumAttempts: 1 },
});

/** Plans a goal that nobody stored, tells the plan, and does nothing else. */
export async function planPreviewWorkflow(input: { readonly goal: Goal }): Promise<PlanPreview> {
  return previewPlan(input);
}
