import { AgentError } from '@goalkeeper/domain';

/** No goal of this id in the tenant that asks; another tenant's goal looks the same. */
export class GoalNotFoundError extends AgentError {
  readonly code = 'goal.not_found';
  readonly retryable = false;
  constructor(goalId: string) {
    super(`There is no goal ${goalId}`, { goalId }, 'Check the id; `GET /v1/goals` lists the goals you can see.');
  }
}

/** The database cannot be reached, or not be used as it is; the message says what is wrong. */
export class DatabaseUnavailableError extends AgentError {
  readonly code = 'database.unavailable';
  readonly retryable = true;
}

/** A row that a caller relies on is not there (a step, an effect): a defect in the order of calls. */
export class MissingRowError extends AgentError {
  readonly code = 'database.row_missing';
  readonly retryable = false;
}

/** A list was asked to go on from a cursor that no list gave out. */
export class InvalidCursorError extends AgentError {
  readonly code = 'cursor.invalid';
  readonly retryable = false;
  constructor(cursor: string) {
    super(
      'The cursor is none that a list gave out',
      { cursor: cursor.slice(0, 100) },
      'Use `page.next` as it came, or leave it out.',
    );
  }
}
