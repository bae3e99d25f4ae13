import { WorkflowNotFoundError, WorkflowUpdateFailedError, isGrpcServiceError } from '@temporalio/client';

/** gRPC status codes (the package that names them is not ours to import). */
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const UNAVAILABLE = 14;
const PASSING = new Set([CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE]);

function grpcCode(error: unknown): number | null {
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    if (isGrpcServiceError(link)) return link.code;
  }
  return null;
}

/** True when there is no running workflow of that id: never started, lost, or closed. */
export function isWorkflowGone(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcCode(error) === NOT_FOUND;
}

/** True when the engine did not answer in time or at all; asking again later may help. */
export function isUnreachable(error: unknown): boolean {
  const code = grpcCode(error);
  if (code !== null) return PASSING.has(code);
  return (
    error instanceof Error &&
    /Failed to connect before the deadline|timed out|Channel has been shut down/i.test(error.message)
  );
}

/** True when what was waited for had not ended in time. */
export function isTooLate(error: unknown): boolean {
  return grpcCode(error) === DEADLINE_EXCEEDED || (grpcCode(error) === null && isUnreachable(error));
}

/** What a workflow said when it refused a command; null when the failure is another one. */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof WorkflowUpdateFailedError)) return null;
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Why a question to a workflow went unanswered, in words for people. */
export function silenceOf(error: unknown): string {
  if (isWorkflowGone(error)) return 'There is no such workflow';
  if (isUnreachable(error)) return 'No worker answered in time, or the engine is away';
  const told = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return told.slice(0, 300);
}
