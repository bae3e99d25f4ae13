import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/**
 * What an activity came to that failed for good: its own failure, or what the engine says of it (a time-out). A remote activity's
 * failure arrives wrapped, that of a local one as it is. Null for any other error: that is a defect of the workflow.
 */
export function activityError(error: unknown): Error | null {
  if (error instanceof ApplicationFailure) return error;
  return error instanceof ActivityFailure ? (error.cause ?? error) : null;
}
