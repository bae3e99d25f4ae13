import type { Response } from 'express';

/** Fires when the client has gone before its answer was complete. */
export function goneSignal(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}
