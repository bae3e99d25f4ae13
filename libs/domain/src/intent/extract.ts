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
  /** Seconds, where a number stands in front of a unit of time. */
  readonly seconds?: number;
  /** A name that is a value only to tasks with a parameter of its type: a language, a format, a folder. Elsewhere it is a word. */
  readonly isSoft?: boolean;
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

/** A name with a slash behind it. */
const FOLDER = /(?<![\p{L}\p{N}_/.~:])[\p{L}\p{N}_.@+-]*[\p{L}\p{N}_]\/(?=$|[\s,;:?!)])/gu;

const PATTERNS: readonly (readonly [ParamType, RegExp])[] = [
  ['url', /\bhttps?:\/\/[^\s"'<>]+[^\s"'<>.,;:!?)]/giu],
  ['source', /\bsample:[\p{L}\p{N}_.-]*[\p{L}\p{N}_]/giu],
  ['source', /\bart_[A-Za-z0-9_-]+/gu],
  [
    'source',
    /(?<![\p{L}\p{N}_/.~])(?:~\/|\.{1,2}\/|\/)?(?:[\p{L}\p{N}_.@+-]+\/)*[\p{L}\p{N}_@+-][\p{L}\p{N}_.@+-]*\.[A-Za-z][A-Za-z0-9]{0,7}(?![\p{L}\p{N}_/])/giu,
  ],
  ['source', PLAIN_PATH],
  ['source', FOLDER],
  ['date', /\b\d{4}-\d{2}-\d{2}\b/gu],
  ['number', /(?<![\p{L}\p{N}_.])-?\d+(?:\.\d+)?(?![\p{L}\p{N}_])/giu],
];
const SECONDS: Readonly<Record<string, number>> = {
  ...{ ms: 0.001, millisecond: 0.001, s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60 },
  ...{ h: 3600, hr: 3600, hour: 3600, d: 86_400, day: 86_400, w: 604_800, week: 604_800 },
};
const UNIT = '(milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)';
const AMOUNT = new RegExp(`(?<![\\p{L}\\p{N}_.-])(\\d+(?:\\.\\d+)?)\\s*${UNIT}(?![\\p{L}\\p{N}_])`, 'giu');
const ONE = new RegExp(
  `\\b(half an|an?|every|each)\\s+${UNIT.replace('|s|', '|').replace('|m|', '|').replace('|h|', '|').replace('|d|', '|').replace('|w)', ')')}\\b`,
  'giu',
);

const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ python: 'python', python3: 'python', py: 'python', node: 'node', nodejs: 'node', 'node.js': 'node' },
  ...{ javascript: 'node', js: 'node', typescript: 'typescript', bash: 'bash', shell: 'bash', sh: 'bash' },
};
const LANGUAGE = new RegExp(
  `(?<![\\p{L}\\p{N}_./])(${Object.keys(LANGUAGES).join('|').replace('.', '\\.')})(?![\\p{L}\\p{N}_])`,
  'giu',
);

const FORMATS =
  'csv|tsv|json|ndjson|jsonl|parquet|xml|yaml|yml|html|markdown|md|text|txt|pdf|docx|xlsx|excel|odt|rtf|epub|latex|png|jpeg|jpg|gif|svg|webp|mp3|mp4|wav|ogg';
const FORMAT = new RegExp(`(?<![\\p{L}\\p{N}_./])(${FORMATS})(?![\\p{L}\\p{N}_])`, 'giu');

/** `the photos folder`, `directory src`: the name is that of a folder. */
const NAMED_FOLDER =
  /\b(?:folder|directory)\s+(?!(?:is|has|by|into|in|of|for|and|with|to|as|that|on|from|at|under)\b)([\p{L}\p{N}_][\p{L}\p{N}_.-]*)|\b(?!(?:the|this|that|a|my|our|whole|same|each|every|which|any)\b)([\p{L}\p{N}_][\p{L}\p{N}_.-]*)\s+(?:folder|directory)\b/giu;

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
  const timed = found.map((item) => (item.type === 'number' ? withUnit(item, text) : item));
  return timed.sort((a, b) => a.from - b.from);
}

function withUnit(item: Found, text: string): Found {
  AMOUNT.lastIndex = item.from;
  const match = AMOUNT.exec(text);
  if (match?.index !== item.from) return item;
  return { ...item, seconds: Number(match[1]) * (SECONDS[unitOf(match[2] ?? '')] ?? 1) };
}

function unitOf(written: string): string {
  const unit = written.toLowerCase();
  return unit in SECONDS ? unit : unit.replace(/s$/, '');
}

/**
 * Names that are values where a task has a parameter of their type: durations in words (`an hour`), amounts such as `30s`,
 * languages, formats, folders. None overlaps a value that shows its type by its form, or an earlier one.
 */
export function extractNames(text: string, values: readonly Found[]): Found[] {
  const found: Found[] = [];
  const add = (type: ParamType, value: Json, at: { index: number; length: number }): void => {
    const [from, to] = [at.index, at.index + at.length];
    const isTaken = [...values, ...found].some((other) => from < other.to && other.from < to);
    if (!isTaken) found.push({ type, value, from, to, isSoft: true });
  };
  for (const match of text.matchAll(AMOUNT)) {
    const at = { index: match.index, length: match[0].length };
    add('duration', Number(match[1]) * (SECONDS[unitOf(match[2] ?? '')] ?? 1), at);
  }
  for (const match of text.matchAll(ONE)) {
    const share = /^half/i.test(match[1] ?? '') ? 0.5 : 1;
    add('duration', share * (SECONDS[unitOf(match[2] ?? '')] ?? 1), { index: match.index, length: match[0].length });
  }
  for (const match of text.matchAll(NAMED_FOLDER)) {
    const name = match[1] ?? match[2] ?? '';
    add('source', name, { index: match.index + match[0].indexOf(name), length: name.length });
  }
  for (const match of text.matchAll(LANGUAGE))
    add('language', LANGUAGES[match[0].toLowerCase()] ?? '', { index: match.index, length: match[0].length });
  for (const match of text.matchAll(FORMAT))
    add('format', match[0].toLowerCase(), { index: match.index, length: match[0].length });
  return found;
}

/** The first piece of the text that may have been meant as a path and was not taken for one; null when there is none. */
export function findMaybePath(text: string): string | null {
  return MAYBE_PATH.exec(withoutValues(text, extractValues(text)))?.[0] ?? null;
}

/** True when a value of the first type may fill a parameter of the second. */
export function fits(found: Found, type: ParamType): boolean {
  if (type === 'integer') return found.type === 'number' && Number.isInteger(found.value);
  if (type === 'column' || type === 'question' || type === 'code') return found.type === 'text';
  if (type === 'duration') return found.seconds !== undefined || found.type === 'duration';
  if (type === 'sources') return found.type === 'source';
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
