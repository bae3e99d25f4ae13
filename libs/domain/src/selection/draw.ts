/**
 * A number in (0, 1) that is fixed by a text: chance without a source of chance. Two rounds of 32-bit mixing over the UTF-16
 * units (the scheme of cyrb53, public domain), 53 bits of result.
 */
export function drawOf(seed: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < seed.length; index += 1) {
    const unit = seed.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  const bits = 4294967296 * (2097151 & low) + (high >>> 0);
  return (bits + 0.5) / 9007199254740992;
}
