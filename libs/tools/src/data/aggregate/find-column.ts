import { ToolFailure } from '../../definition';
import type { Profile, ProfileColumn } from '../model';

/** Names that a message lists at most. */
const LISTED = 30;

/**
 * Finds a column by the name a person gave, without regard to case, spaces, underscores and the plural; else the one column that has
 * all of the words in its name ("shop" for `shop_name`).
 *
 * @throws {ToolFailure} `data.unknown_column` with the nearest names and the columns there are
 */
export function findColumn(profile: Profile, asked: string): ProfileColumn {
  const exact = profile.columns.find(({ name }) => name === asked);
  if (exact) return exact;
  for (const alike of [
    (name: string) => plain(name) === plain(asked),
    (name: string) => singular(name) === singular(asked),
    (name: string) => holdsWords(name, asked),
  ]) {
    const found = profile.columns.filter(({ name }) => alike(name));
    if (found.length === 1 && found[0]) return found[0];
    if (found.length > 1) break;
  }
  const nearest = profile.columns
    .map(({ name }) => ({ name, distance: editDistance(plain(name), plain(asked)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
  const message = `No column is called "${asked}". The nearest are ${nearest.map((name) => `"${name}"`).join(', ')}. ${listed(profile)}`;
  throw new ToolFailure('data.unknown_column', message, { details: { asked, nearest } });
}

/** The columns of a table in one sentence. */
export function listed({ columns }: Profile): string {
  const names = columns.slice(0, LISTED).map(({ name }) => `"${name}"`);
  return `The columns are ${names.join(', ')}${columns.length > LISTED ? ' and others' : ''}.`;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}

function singular(name: string): string {
  return plain(name)
    .replace(/ies$/, 'y')
    .replace(/(s|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1');
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map(singular);
}

function holdsWords(name: string, asked: string): boolean {
  const words = wordsOf(asked);
  return words.length > 0 && words.every((word) => wordsOf(name).includes(word));
}

/** Levenshtein's distance: how many letters to put in, take out or change. */
export function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
