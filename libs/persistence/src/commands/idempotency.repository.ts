import { randomUUID } from 'node:crypto';
import type { Json } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, prepared, row, rows } from '../sql';

export interface IdempotencyRequest {
  /** The client's Idempotency-Key, 1 to 255 characters. */
  readonly key: string;
  /** Digest of method, path and body. */
  readonly bodyHash: string;
  /** Whose key it is: keys of two tokens never meet. */
  readonly principal: string;
}

export type IdempotencyAnswer =
  | { readonly kind: 'new' }
  | { readonly kind: 'replay'; readonly status: number; readonly body: Json }
  /** Begun by another request that has not answered yet. */
  | { readonly kind: 'in_flight' }
  /** The key was used for another request. */
  | { readonly kind: 'mismatch' };

/** A key lives 24 hours; one whose request never answered (a crash) may be taken over after a minute. */
const BEGIN = prepared(
  'begin_key',
  `
  INSERT INTO idempotency_key AS k (tenant_id, principal, key, body_hash, claim)
  VALUES (gk_tenant(), $1, $2, $3, $4)
  ON CONFLICT (tenant_id, principal, key) DO UPDATE SET
    body_hash = CASE WHEN FREE THEN excluded.body_hash ELSE k.body_hash END,
    claim = CASE WHEN FREE THEN excluded.claim ELSE k.claim END,
    status = CASE WHEN FREE THEN NULL ELSE k.status END,
    response = CASE WHEN FREE THEN NULL ELSE k.response END,
    created_at = CASE WHEN FREE THEN now() ELSE k.created_at END
  RETURNING claim = $4 AS fresh, body_hash = $3 AS same, status, response`.replaceAll(
    'FREE',
    `(k.created_at < now() - interval '24 hours'
    OR (k.status IS NULL AND k.body_hash = excluded.body_hash AND k.created_at < now() - interval '1 minute'))`,
  ),
);

const COMPLETE = prepared(
  'complete_key',
  `UPDATE idempotency_key SET status = $3, response = $4 WHERE principal = $1 AND key = $2`,
);

export class IdempotencyRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Takes a key, or tells what became of it. One statement. Within the transaction that also does the work, a second
   * request with the key waits for the first to commit and is then answered with its reply.
   */
  async begin({ key, bodyHash, principal }: IdempotencyRequest): Promise<IdempotencyAnswer> {
    const found = await row<{ fresh: boolean; same: boolean; status: number | null; response: Json }>(this.tx, BEGIN, [
      principal,
      key,
      bodyHash,
      randomUUID(),
    ]);
    if (!found || found.fresh) return { kind: 'new' };
    if (!found.same) return { kind: 'mismatch' };
    return found.status === null
      ? { kind: 'in_flight' }
      : { kind: 'replay', status: found.status, body: found.response };
  }

  /** Keeps the reply for repeats. One statement. */
  async complete(
    request: Pick<IdempotencyRequest, 'key' | 'principal'>,
    reply: { status: number; body: Json },
  ): Promise<void> {
    await rows(this.tx, COMPLETE, [request.principal, request.key, reply.status, json(reply.body)]);
  }
}
