import { createHash } from 'node:crypto';
import type { Response } from 'express';

/** Marks an answer with a strong ETag of its content; Express then answers 304 to a matching If-None-Match. */
export function setEntityTag(response: Response, body: object): void {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 27);
  response.set('ETag', `"${digest}"`).set('Cache-Control', 'private, no-cache');
}
