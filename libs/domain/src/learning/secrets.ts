import type { Json } from '../json';

const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ['private key', /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ['access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['token', /\b(?:ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|sk|pk|rk|npm|whsec|gk)[_-][A-Za-z0-9_-]{16,}/],
  ['web token', /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}/],
  ['bearer token', /\bbearer\s+[A-Za-z0-9._~+/-]{12,}/i],
  ['password', /\b(?:password|passwd|pwd|secret|api[_-]?key|token)\b["']?\s*[:=]\s*["']?[^\s"']{4,}/i],
  ['login in an address', /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i],
];
const LONG_ENOUGH = 24;
const BITS_A_CHARACTER = 4;

/**
 * What in a value looks like a secret, by name; empty when nothing does. Known shapes, and long texts without spaces whose
 * characters carry more than {@link BITS_A_CHARACTER} bits each and mix letters of both cases with digits.
 */
export function findSecrets(value: Json): string[] {
  const found = new Set<string>();
  visit(value, (text) => {
    for (const [name, pattern] of PATTERNS) if (pattern.test(text)) found.add(name);
    for (const word of text.split(/[\s"'`,;()[\]{}]+/)) if (looksRandom(word)) found.add('random text');
  });
  return [...found].sort();
}

function looksRandom(word: string): boolean {
  if (word.length < LONG_ENOUGH || !/[a-z]/.test(word) || !/[A-Z]/.test(word) || !/\d/.test(word)) return false;
  return bitsPerCharacter(word) > BITS_A_CHARACTER;
}

/** Shannon entropy of the characters of a text, in bits. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / text.length;
    return sum - share * Math.log2(share);
  }, 0);
}

function visit(value: Json, see: (text: string) => void): void {
  if (typeof value === 'string') see(value);
  else if (Array.isArray(value)) value.forEach((item: Json) => visit(item, see));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      see(key);
      visit(item, see);
      if (typeof item === 'string') see(`${key}: ${item}`);
    }
  }
}
