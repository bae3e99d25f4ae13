/** Letters and digits alone, in small letters. */
const bare = (name: string): string =>
  [...name.toLowerCase()].filter((letter) => /[\p{L}\p{N}]/u.test(letter)).join('');

/** Forms under which a word may stand: as it is and without the endings of plurals. */
function forms(word: string): Set<string> {
  const plain = bare(word);
  const found = new Set([plain]);
  if (plain.endsWith('s')) found.add(plain.slice(0, -1));
  if (plain.endsWith('es')) found.add(plain.slice(0, -2));
  if (plain.endsWith('ies')) found.add(`${plain.slice(0, -3)}y`);
  return found;
}

const meet = (a: string, b: string): boolean => [...forms(a)].some((form) => forms(b).has(form));

/** The column that a person means: by its name, its plural, or as the one column with all of the words in its name; null for none. */
export function resolveName(asked: string, names: readonly string[]): string | null {
  if (names.includes(asked)) return asked;
  const same = names.filter((name) => bare(name) === bare(asked));
  if (same.length > 0) return same.length === 1 ? (same[0] ?? null) : null;
  const alike = names.filter((name) => meet(name, asked));
  if (alike.length > 0) return alike.length === 1 ? (alike[0] ?? null) : null;
  const parts = (text: string): string[] =>
    text
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .split(/[^\p{L}\p{N}]+/u)
      .filter(Boolean);
  const wanted = parts(asked);
  const holding = names.filter((name) => wanted.every((word) => parts(name).some((part) => meet(part, word))));
  return holding.length === 1 && wanted.length > 0 ? (holding[0] ?? null) : null;
}
