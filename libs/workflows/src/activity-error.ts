import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';

/**
 * What an activity came to that failed for good: its own failure, or what the engine says of it (a time-out). A remote activity's
 * failure arrives wrapped, that of a local one as it is; the time-out of a local one wrapped when it happens, and bare when the
 * history is replayed: both must lead the same way. Null for any other error: that is a defect of the workflow.
 */
export function activityError(error: unknown): Error | null {
  if (error instanceof ApplicationFailure || error instanceof TimeoutFailure) return error;
  return error instanceof ActivityFailure ? (error.cause ?? error) : null;
}
