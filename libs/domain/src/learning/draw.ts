/**
 * A number in [0, 1) that depends on the texts alone: FNV-1a over their UTF-16 units, then the finaliser of MurmurHash3.
 * Goals are shared out by it, so that the same goal always lands on the same side.
 *
 * @see Appleby, MurmurHash3 (fmix32)
 */
export function draw(...texts: readonly string[]): number {
  return mixed(hash32(texts.join('\u0000'))) / 2 ** 32;
}

/** Sixteen hexadecimal digits that stand for a text; for keys, not against people who look for collisions. */
export function digest64(text: string): string {
  const [a, b] = [mixed(hash32(text)), mixed(hash32(`${text}\u0000${text.length}`))];
  return [a, b].map((part) => part.toString(16).padStart(8, '0')).join('');
}

function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

function mixed(hash: number): number {
  let value = hash;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
