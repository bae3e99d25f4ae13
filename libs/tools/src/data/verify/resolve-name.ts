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

/** Whether two words are one, but for case, signs and the ending of a plural. */
export const meet = (a: string, b: string): boolean => [...forms(a)].some((form) => forms(b).has(form));

/** The words of a name or value. */
export function partsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** The column that a person means: by its name, its plural, or as the one column with all of the words in its name; null for none. */
export function resolveName(asked: string, names: readonly string[]): string | null {
  if (names.includes(asked)) return asked;
  const same = names.filter((name) => bare(name) === bare(asked));
  if (same.length > 0) return same.length === 1 ? (same[0] ?? null) : null;
  const alike = names.filter((name) => meet(name, asked));
  if (alike.length > 0) return alike.length === 1 ? (alike[0] ?? null) : null;
  const wanted = partsOf(asked);
  const holding = names.filter((name) => wanted.every((word) => partsOf(name).some((part) => meet(part, word))));
  return holding.length === 1 && wanted.length > 0 ? (holding[0] ?? null) : null;
}

const EACH =
  /^(?:(?<day>days?|daily|dates?)|(?<week>weeks?|weekly)|(?<month>months?|monthly)|(?<quarter>quarters?|quarterly)|(?<year>years?|yearly|annual|annually))(?:\s+of\s+(?<column>.+))?$/iu;

/** What rows are grouped by: a column, or the periods of dates where no column has that name. */
export function resolveGroup(
  asked: string,
  columns: readonly { readonly name: string; readonly type: string }[],
): { readonly by: string; readonly per: string | null } | null {
  const names = columns.map(({ name }) => name);
  const match = EACH.exec(asked.trim());
  const { column, ...periods } = match?.groups ?? {};
  const own = resolveName(asked, names);
  const dates = columns.filter(({ type }) => type === 'date' || type === 'timestamp').map(({ name }) => name);
  const of = column === undefined ? null : resolveName(column, names);
  const per = Object.keys(periods).find((name) => periods[name] !== undefined) ?? null;
  if (per !== null && of !== null && dates.includes(of)) return { by: of, per };
  if (own !== null) return { by: own, per: null };
  return per !== null && dates.length === 1 && dates[0] !== undefined ? { by: dates[0], per } : null;
}
