import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '@goalkeeper/domain';
import { IdempotencyRepository, type EntityManager, type IdempotencyRequest } from '@goalkeeper/persistence';
import type { Request } from 'express';
import type { Principal } from '../auth/principal';
import { ApiProblem } from './api-problem';

/** The Idempotency-Key of a request, bound to who sent it and to what was asked; null when none was sent. */
export function idempotencyOf(request: Request, caller: Principal, body: unknown): IdempotencyRequest | null {
  const key = request.get('idempotency-key');
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw new ApiProblem('idempotency.invalid_key');
  const asked = `${request.method} ${request.path}\n${canonicalJson((body ?? null) as Json)}`;
  return { key, principal: caller.tokenId, bodyHash: createHash('sha256').update(asked).digest('hex') };
}

/**
 * Does the work once per key, within the transaction that the work belongs to.
 *
 * @returns the reply, and whether it is that of an earlier request
 */
export async function oncePerKey<Body extends Json>(
  tx: EntityManager,
  request: IdempotencyRequest | null,
  work: () => Promise<{ status: number; body: Body }>,
): Promise<{ body: Body; replayed: boolean }> {
  if (!request) return { body: (await work()).body, replayed: false };
  const keys = new IdempotencyRepository(tx);
  const answer = await keys.begin(request);
  if (answer.kind === 'in_flight') throw new ApiProblem('idempotency.in_flight', { headers: { 'Retry-After': '1' } });
  if (answer.kind === 'mismatch') throw new ApiProblem('idempotency.reused');
  if (answer.kind === 'replay') return { body: JSON.parse(answer.body as string) as Body, replayed: true };
  const reply = await work();
  await keys.complete(request, { status: reply.status, body: JSON.stringify(reply.body) }); // as text: jsonb sorts keys
  return { body: reply.body, replayed: false };
}
