import type { ToolRun } from '@goalkeeper/tools';
import { failedRun, type ToolCall } from './tool-call';

/** A step that was begun so often without ever finishing kills its worker; it is parked as failed. */
const MAX_ATTEMPTS = 12;

/**
 * The failure of a call that is not made once more, or null when it may go out.
 *
 * @param attempts how often the call was begun and noted, this time included
 */
export function poisonOf({ tool }: ToolCall, attempts: number): ToolRun | null {
  if (attempts <= MAX_ATTEMPTS) return null;
  const message = `${tool.name} was begun ${attempts - 1} times and never came back; it is not called again`;
  // What was written in a transaction is gone with it; anywhere else nobody knows.
  return failedRun('step.poisoned', message, tool.effect === 'idempotent' || tool.effect === 'once');
}
