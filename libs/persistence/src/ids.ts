import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(10 * 256);
let used = pool.length;
let lastMs = 0;
let counter = 0;

/** Ten fresh random bytes, drawn from a pool that is refilled 256 ids at a time. */
function randomTen(): Buffer {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 10;
  return pool.subarray(used - 10, used);
}

/**
 * A new UUIDv7 (RFC 9562, section 6.2 method 1): 48 bits of Unix milliseconds, a 12-bit counter that starts at random in
 * its lower half and rises within one millisecond, 62 random bits. Ids of one process sort by the order they were made.
 */
export function newId(): string {
  const random = randomTen();
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = random.readUInt16BE(0) & 0x7ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = random.readUInt16BE(0) & 0x7ff;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const variant = ((random[2] ?? 0) & 0x3f) | 0x80;
  const tail = variant.toString(16) + random.toString('hex', 3, 10);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for text that PostgreSQL takes as a uuid in its usual form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
