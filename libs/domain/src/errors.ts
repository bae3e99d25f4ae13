import type { JsonObject } from './json';

/**
 * A failure with a code that never changes, the facts a person needs and an answer to "would trying again help?".
 * HTTP and Temporal each translate it in one place.
 */
export abstract class AgentError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;
  /** What to do about it, in one sentence; empty where there is nothing to do. */
  readonly hint: string;

  constructor(
    message: string,
    readonly details: JsonObject = {},
    hint = '',
  ) {
    super(message);
    this.name = new.target.name;
    this.hint = hint;
  }
}

/** The words of a goal match no task well enough, or a task was named that no pack offers. */
export class UnknownTaskError extends AgentError {
  readonly code = 'intent.unknown';
  readonly retryable = false;
}

/** The task is understood, and this installation lacks what it takes. */
export class UnavailableTaskError extends AgentError {
  readonly code = 'task.unavailable';
  readonly retryable = false;
}

/** The task is known, its arguments are not usable: missing, of the wrong type, or unknown. */
export class InvalidTaskArgumentsError extends AgentError {
  readonly code = 'task.invalid_arguments';
  readonly retryable = false;
}

/** No decomposition leads to an executable plan within the budget. */
export class NoPlanError extends AgentError {
  readonly code = 'plan.none';
  readonly retryable = false;
}

/** A pack, plan or definition breaks its own rules; `details.problems` says where. */
export class InvalidDefinitionError extends AgentError {
  readonly code = 'definition.invalid';
  readonly retryable = false;
}
