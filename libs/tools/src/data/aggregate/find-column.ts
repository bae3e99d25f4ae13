import { ToolFailure } from '../../definition';
import type { Profile, ProfileColumn } from '../model';

/**
 * Finds a column by the name a person gave, without regard to case, spaces and underscores.
 *
 * @throws {ToolFailure} `data.unknown_column` with the nearest names
 */
export function findColumn(profile: Profile, asked: string): ProfileColumn {
  const exact = profile.columns.find(({ name }) => name === asked);
  if (exact) return exact;
  const plain = (name: string): string => name.toLowerCase().replace(/[\s_.-]+/g, '');
  const alike = profile.columns.filter(({ name }) => plain(name) === plain(asked));
  if (alike.length === 1 && alike[0]) return alike[0];
  const nearest = profile.columns
    .map(({ name }) => ({ name, distance: editDistance(plain(name), plain(asked)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
  const message = `No column is called "${asked}". The nearest are ${nearest.map((name) => `"${name}"`).join(', ')}.`;
  throw new ToolFailure('data.unknown_column', message, { details: { asked, nearest } });
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
