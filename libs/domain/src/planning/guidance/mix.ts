import { scatter } from '../search-pddl/state';

/** Joins two 32-bit numbers to one, not commutative. */
export function mix(a: number, b: number): number {
  return scatter(Math.imul(a, 0x9e3779b1) + scatter(b + 0x7f4a7c15));
}

/** A 32-bit number for a text (FNV-1a, scattered). */
export function hashText(text: string, salt = 0x811c9dc5): number {
  let hash = salt;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return scatter(hash);
}
