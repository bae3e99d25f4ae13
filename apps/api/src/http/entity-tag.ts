import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** A strong ETag of an answer's content. */
export function entityTagOf(body: object): string {
  return `"${createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 27)}"`;
}

/**
 * True when the client holds what the tag stands for. (Express's own check gives up when the request carries
 * Cache-Control: no-cache, which fetch adds to every conditional request.)
 */
export function isKnown(request: Request, tag: string): boolean {
  const known = request.get('if-none-match');
  if (known === undefined) return false;
  return known.trim() === '*' || known.split(',').some((item) => item.trim().replace(/^W\//, '') === tag);
}

/** Marks an answer with its tag; the body is left out when the client holds it. */
export function conditional<Body extends object>(request: Request, response: Response, body: Body): Body | undefined {
  const tag = entityTagOf(body);
  response.set('ETag', tag).set('Cache-Control', 'private, no-cache');
  if (!isKnown(request, tag)) return body;
  response.status(304);
  return undefined;
}
