import { createHash, randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { newId } from '../ids';
import { prepared, row, rows } from '../sql';

const PREFIX = 'gk_pat_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_LENGTH = 32;
const CHECK_LENGTH = 6;

/** Whom a token speaks for. */
export interface TokenOwner {
  readonly tokenId: string;
  readonly tenantId: string;
  readonly name: string;
}

/** Random base62 text without bias: bytes from 248 on are thrown away. */
function randomBase62(length: number): string {
  let made = '';
  while (made.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte < 248 && made.length < length) made += ALPHABET.charAt(byte % 62);
    }
  }
  return made;
}

/** Six characters computed from the rest: a mistyped or cut token is told apart without asking the database. */
function checkCharacters(secret: string): string {
  let rest = createHash('sha256')
    .update(PREFIX + secret)
    .digest()
    .readUIntBE(0, 6);
  let made = '';
  for (let index = 0; index < CHECK_LENGTH; index += 1) {
    made += ALPHABET.charAt(rest % 62);
    rest = Math.floor(rest / 62);
  }
  return made;
}

/** A new token: `gk_pat_`, 32 random characters (190 bits), 6 check characters. */
export function newToken(): string {
  const secret = randomBase62(SECRET_LENGTH);
  return PREFIX + secret + checkCharacters(secret);
}

/** True when the text has the form of a token and its check characters fit. */
export function isWellFormedToken(token: string): boolean {
  if (!/^gk_pat_[0-9A-Za-z]{38}$/.test(token)) return false;
  const secret = token.slice(PREFIX.length, PREFIX.length + SECRET_LENGTH);
  return token.endsWith(checkCharacters(secret));
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

const FIND = prepared(
  'find_token',
  `SELECT token_id AS "tokenId", tenant_id AS "tenantId", name FROM gk_find_token($1)`,
);

/** API tokens; only their SHA-256 is stored. */
export class TokenRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Makes a token for the tenant of this transaction and returns it; it can never be read again. One statement. */
  async create(tenantId: string, name: string): Promise<{ id: string; token: string }> {
    const id = newId();
    const token = newToken();
    await this.store(tenantId, name, { id, token });
    return { id, token };
  }

  /** Stores a token that was made elsewhere (`newToken`); one that is stored already is left alone. One statement. */
  async store(tenantId: string, name: string, made: { id: string; token: string }): Promise<void> {
    if (!isWellFormedToken(made.token))
      throw new TypeError('That is no token of ours: its form or its check characters are wrong');
    await rows(
      this.tx,
      'INSERT INTO api_token (id, tenant_id, name, hash) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING',
      [made.id, tenantId, name, hashOf(made.token)],
    );
  }

  /** Whom a token speaks for, or null (malformed, unknown, revoked). Works in `Database.system`. One statement. */
  async find(token: string): Promise<TokenOwner | null> {
    if (!isWellFormedToken(token)) return null;
    return row<TokenOwner>(this.tx, FIND, [hashOf(token)]);
  }

  /** Ends a token of this tenant. One statement. False when there is none or it ended before. */
  async revoke(id: string): Promise<boolean> {
    const changed = await rows(
      this.tx,
      'UPDATE api_token SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id',
      [id],
    );
    return changed.length === 1;
  }
}
