import type { Request } from 'express';
import { traceIdOf } from './trace-id';

/** Where a request came from, as the audit log keeps it. */
export interface Origin {
  readonly requestId: string;
  readonly address: string | null;
}

export function originOf(request: Request): Origin {
  return { requestId: traceIdOf(request), address: request.socket.remoteAddress ?? null };
}
