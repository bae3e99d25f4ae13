import { Inject, Injectable } from '@nestjs/common';
import { TokenRepository, type Database } from '@goalkeeper/persistence';
import { createHash } from 'node:crypto';
import { DATABASE } from '../core/tokens';
import type { Principal } from './principal';

/** A revoked token works on for at most this long. */
const CACHE_MS = 5_000;
const CACHE_SIZE = 10_000;

/** Whom a token speaks for, looked up at most once in five seconds per token. */
@Injectable()
export class TokenService {
  private readonly known = new Map<string, { readonly principal: Principal; readonly until: number }>();

  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Null for what is malformed, unknown or revoked; only good tokens are remembered. */
  async find(token: string): Promise<Principal | null> {
    if (token === '') return null;
    const digest = createHash('sha256').update(token).digest('base64');
    const cached = this.known.get(digest);
    if (cached && cached.until > performance.now()) return cached.principal;
    this.known.delete(digest);
    const principal = await this.database.system((tx) => new TokenRepository(tx).find(token));
    if (!principal) return null;
    if (this.known.size >= CACHE_SIZE) this.known.clear();
    this.known.set(digest, { principal, until: performance.now() + CACHE_MS });
    return principal;
  }
}
