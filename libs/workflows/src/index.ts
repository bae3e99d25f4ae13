/** The workflow types that workers bundle. Starters and activities use `client.ts` and `ports.ts`. */
export { goalWorkflow } from './goals/goal.workflow';
export { planPreviewWorkflow } from './planning/preview.workflow';
export { learningWorkflow } from './learning/learning.workflow';
