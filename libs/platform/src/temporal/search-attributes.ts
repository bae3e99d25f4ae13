import { defineSearchAttributeKey } from '@temporalio/common';

/** The ten names that fit the fixed columns of SQL visibility; `temporal/` registers them at set-up. */
export const SEARCH_ATTRIBUTES = {
  tenantId: defineSearchAttributeKey('TenantId', 'KEYWORD'),
  goalId: defineSearchAttributeKey('GoalId', 'KEYWORD'),
  goalState: defineSearchAttributeKey('GoalState', 'KEYWORD'),
  deadline: defineSearchAttributeKey('Deadline', 'DATETIME'),
} as const;
