import { AgentError } from '@goalkeeper/domain';
import { sqlState } from '@goalkeeper/persistence';
import { ApplicationFailure } from '@temporalio/common';

/** Errors of the language say that our code is wrong; trying again would say the same. */
const DEFECTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Says to Temporal, in this one place, whether an error is worth another try: an {@link AgentError} knows by itself, a
 * defect never is, anything else is taken for broken infrastructure and is tried again until it works or time is up.
 */
export function toTemporalFailure(error: unknown): unknown {
  if (error instanceof AgentError) {
    const { code, retryable, message, details } = error;
    return ApplicationFailure.create({
      message,
      type: code,
      nonRetryable: !retryable,
      details: [details],
      cause: error,
    });
  }
  if (DEFECTS.some((defect) => error instanceof defect)) {
    const { message } = error as Error;
    return ApplicationFailure.create({ message, type: 'defect', nonRetryable: true, cause: error as Error });
  }
  if (isRefusedData(error)) {
    const { message } = error as Error;
    return ApplicationFailure.create({ message, type: 'defect', nonRetryable: true, cause: error as Error });
  }
  return error;
}

/** SQLSTATE classes that say the same every time: wrong data, broken constraint, wrong statement, too large. */
const REFUSALS = /^(22|23|42|54)/;

function isRefusedData(error: unknown): boolean {
  return error instanceof Error && REFUSALS.test(sqlState(error) ?? '');
}

type Activities = Record<string, (input: never) => Promise<unknown>>;

/** The same activities, with their errors translated. */
export function withTranslatedErrors<T extends { [K in keyof T]: (input: never) => Promise<unknown> }>(
  activities: T,
): T {
  const wrapped = Object.entries(activities as Activities).map(([name, activity]) => [
    name,
    (input: never) => activity(input).catch((error: unknown) => Promise.reject(toTemporalFailure(error) as Error)),
  ]);
  return Object.fromEntries(wrapped) as T;
}
