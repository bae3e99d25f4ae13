import type { Json } from '../json';
import type { ParamType } from '../planning/pack';
import { tokens, type Token } from './words';

/** A typed value found in words. */
export interface Found {
  readonly type: ParamType;
  readonly value: Json;
  /** Range in characters of the text. */
  readonly from: number;
  readonly to: number;
}

/**
 * A path without an ending, told by how it begins: `./a`, `../a`, `~/a`, `/a/b`. One member after a slash (`/analyse`) is
 * more often a habit of command lines, and `a/b` more often two words.
 */
const PLAIN_PATH =
  /(?<![\p{L}\p{N}_/.~])(?:(?:~|\.{1,2})\/|\/(?=[\p{L}\p{N}_.@+-]+\/))(?:[\p{L}\p{N}_.@+-]+\/)*(?:[\p{L}\p{N}_.@+-]*[\p{L}\p{N}_@+-])?/gu;
/** What may be a path although nothing in its form tells: two words with a slash between them. */
const MAYBE_PATH =
  /(?<![\p{L}\p{N}_/.~:])\p{L}[\p{L}\p{N}_.@+-]*(?:\/[\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])+(?![\p{L}\p{N}_/])/u;

const PATTERNS: readonly (readonly [ParamType, RegExp])[] = [
  ['url', /\bhttps?:\/\/[^\s"'<>]+[^\s"'<>.,;:!?)]/giu],
  ['source', /\bsample:[\p{L}\p{N}_.-]*[\p{L}\p{N}_]/giu],
  ['source', /\bart_[A-Za-z0-9_-]+/gu],
  [
    'source',
    /(?<![\p{L}\p{N}_/.~])(?:~\/|\.{1,2}\/|\/)?(?:[\p{L}\p{N}_.@+-]+\/)*[\p{L}\p{N}_@+-][\p{L}\p{N}_.@+-]*\.[A-Za-z][A-Za-z0-9]{0,7}(?![\p{L}\p{N}_/])/giu,
  ],
  ['source', PLAIN_PATH],
  ['date', /\b\d{4}-\d{2}-\d{2}\b/gu],
  ['number', /(?<![\p{L}\p{N}_.])-?\d+(?:\.\d+)?(?![\p{L}\p{N}_])/giu],
];
const QUOTED = /"([^"]+)"|“([^”]+)”|`([^`]+)`|(?<![\p{L}\p{N}])'([^']+)'(?![\p{L}\p{N}])/gu;
const FILE_NAME = /\.[A-Za-z][A-Za-z0-9]{0,7}$/u;

/**
 * The values that show their type by their form: quoted text, URLs, files (`a/b.csv`, `/a/b`, `sample:NAME`, `art_…`, a
 * quoted path), dates and numbers. Earlier kinds win where two overlap.
 */
export function extractValues(text: string): Found[] {
  const found: Found[] = [];
  const add = (item: Found): void => {
    if (!found.some((other) => item.from < other.to && other.from < item.to)) found.push(item);
  };
  for (const match of text.matchAll(QUOTED)) {
    const value = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
    const type = FILE_NAME.test(value) || /^(sample:|art_|~\/|\.{1,2}\/|\/[^/]+\/)/u.test(value) ? 'source' : 'text';
    add({ type, value, from: match.index, to: match.index + match[0].length });
  }
  for (const [type, pattern] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const value = type === 'number' ? Number(match[0]) : match[0];
      add({ type, value, from: match.index, to: match.index + match[0].length });
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

/** The first piece of the text that may have been meant as a path and was not taken for one; null when there is none. */
export function findMaybePath(text: string): string | null {
  return MAYBE_PATH.exec(withoutValues(text, extractValues(text)))?.[0] ?? null;
}

/** True when a value of the first type may fill a parameter of the second. */
export function fits(found: Found, type: ParamType): boolean {
  if (type === 'integer') return found.type === 'number' && Number.isInteger(found.value);
  if (type === 'column') return found.type === 'text';
  return found.type === type || (type === 'any' && found.type !== 'text');
}

/** The text with the ranges of the values blanked out, so that positions stay. */
export function withoutValues(text: string, found: readonly Found[]): string {
  let result = text;
  for (const { from, to } of found) result = result.slice(0, from) + ' '.repeat(to - from) + result.slice(to);
  return result;
}

const DATE_WORDS = new Set(
  'today tomorrow tonight yesterday now noon midnight monday tuesday wednesday thursday friday saturday sunday'.split(
    ' ',
  ),
);

/** True for a word that can name a column: not a time by which something is due. */
export function canBeColumn(token: Token): boolean {
  return !DATE_WORDS.has(token.word);
}

export { tokens };
