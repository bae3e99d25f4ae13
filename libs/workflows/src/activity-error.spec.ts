import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { activityError } from './activity-error';

const LATE = new TimeoutFailure('Activity timed out', undefined, TimeoutType.START_TO_CLOSE);
const wrapped = (cause: Error): ActivityFailure =>
  new ActivityFailure('Activity task timed out', 'planGoal', '2', RetryState.MAXIMUM_ATTEMPTS_REACHED, 'worker', cause);

describe('what an activity came to', () => {
  it('is the same when a time-out happens and when its history is replayed', () => {
    expect(activityError(wrapped(LATE))).toBe(LATE);
    expect(activityError(LATE)).toBe(LATE);
  });

  it('is its own failure, wrapped or not, and nothing for a defect of the workflow', () => {
    const own = ApplicationFailure.nonRetryable('no');
    expect(activityError(wrapped(own))).toBe(own);
    expect(activityError(own)).toBe(own);
    expect(activityError(new TypeError('x'))).toBeNull();
  });
});
