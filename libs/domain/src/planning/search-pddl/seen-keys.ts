const SHARDS = 64;

/** A set of digests. One `Set` holds 2^24 values at most and then throws; this one goes on. */
export class SeenKeys {
  private readonly shards: Set<number>[] = Array.from({ length: SHARDS }, () => new Set());

  /** Adds a key; false when it was there already. */
  add(key: number): boolean {
    const shard = this.shards[key % SHARDS];
    if (!shard || shard.has(key)) return false;
    shard.add(key);
    return true;
  }

  has(key: number): boolean {
    return this.shards[key % SHARDS]?.has(key) ?? false;
  }
}
