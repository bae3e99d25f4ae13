import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '@goalkeeper/platform';

const traceIds = new WeakMap<object, string>();

/** The id under which this request can be found in our logs: its W3C trace id, or one of our own. */
export function traceIdOf(request: Request): string {
  const known = traceIds.get(request);
  if (known) return known;
  const given = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(request.get('traceparent') ?? '')?.[1];
  const id = given && !/^0+$/.test(given) ? given : randomBytes(16).toString('hex');
  traceIds.set(request, id);
  return id;
}

/** Names each request (header X-Request-Id) and logs how it ended: writes and refusals as info, reads as debug. */
export function requestLog(log: Logger) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const traceId = traceIdOf(request);
    response.set('X-Request-Id', traceId);
    const begun = performance.now();
    response.once('close', () => {
      const quiet = request.method === 'GET' && response.statusCode < 400;
      if (quiet && !log.isLevelEnabled('debug')) return;
      const durationMs = Math.round(performance.now() - begun);
      const fields = { traceId, method: request.method, path: request.path, status: response.statusCode, durationMs };
      if (quiet) log.debug(fields, 'http.request');
      else log.info(fields, 'http.request');
    });
    next();
  };
}
