"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.InvalidDefinitionError = exports.NoPlanError = exports.InvalidTaskArgumentsError = exports.UnknownTaskError = exports.AgentError = void 0;
/**
 * A failure with a code that never changes, the facts a person needs and an answer to "would trying again help?".
 * HTTP and Temporal each translate it in one place.
 */
class AgentError extends Error {
    details;
    /** What to do about it, in one sentence; empty where there is nothing to do. */
    hint;
    constructor(message, details = {}, hint = '') {
        super(message);
        this.details = details;
        this.name = new.target.name;
        this.hint = hint;
    }
}
exports.AgentError = AgentError;
/** The words of a goal match no task well enough, or a task was named that no pack offers. */
class UnknownTaskError extends AgentError {
    code = 'intent.unknown';
    retryable = false;
}
exports.UnknownTaskError = UnknownTaskError;
/** The task is known, its arguments are not usable: missing, of the wrong type, or unknown. */
class InvalidTaskArgumentsError extends AgentError {
    code = 'task.invalid_arguments';
    retryable = false;
}
exports.InvalidTaskArgumentsError = InvalidTaskArgumentsError;
/** No decomposition leads to an executable plan within the budget. */
class NoPlanError extends AgentError {
    code = 'plan.none';
    retryable = false;
}
exports.NoPlanError = NoPlanError;
/** A pack, plan or definition breaks its own rules; `details.problems` says where. */
class InvalidDefinitionError extends AgentError {
    code = 'definition.invalid';
    retryable = false;
}
exports.InvalidDefinitionError = InvalidDefinitionError;
