import type { TaskDef } from '../planning/pack';
import type { Found } from './extract';
import { piecesOf } from './lexicon';
import { isStopWord, tokens, type Token } from './words';

/** Words of a text that are the value of one parameter. */
export interface Span {
  readonly value: string;
  readonly tokens: readonly Token[];
}

const LONGEST = 40;
const POLITE = new Set(['please', 'thanks', 'thank', 'you', 'now', 'asap']);

/**
 * The words that stand where a phrasing has a slot: after the words in front of it, up to the words or the value behind it. The
 * phrasing whose words are met the most decides.
 *
 * @param rest words that are no values, with their places
 * @param values ranges of the values, which no span crosses
 */
export function findSpan(
  text: string,
  { task, param }: { readonly task: TaskDef; readonly param: string },
  { rest, values }: { readonly rest: readonly Token[]; readonly values: readonly Found[] },
): Span | null {
  let best: { readonly span: Span; readonly met: number } | null = null;
  for (const phrasing of task.phrasings) {
    const { literals, slots } = piecesOf(phrasing);
    const at = slots.indexOf(param);
    if (at < 0) continue;
    const before = wordsOf(literals[at] ?? '');
    const after = wordsOf(literals[at + 1] ?? '');
    const isFirst = at === 0;
    for (const start of startsOf(before, rest, isFirst)) {
      const end = endOf(start.index, after, { rest, values, isLast: at === slots.length - 1 });
      if (!end) continue;
      const taken = trimmed(rest.slice(start.index, end.index));
      if (taken.length === 0 || taken.length > LONGEST || taken.every(({ word }) => isStopWord(word))) continue;
      const met = start.met + end.met;
      if (best && met <= best.met) continue;
      best = { span: { value: written(text, taken), tokens: taken }, met };
    }
  }
  return best?.span ?? null;
}

function wordsOf(literal: string): string[] {
  return tokens(literal).map(({ word }) => word);
}

/** Where the words in front of a slot end: the last of them must be there; the more before it are, the better. */
function startsOf(
  before: readonly string[],
  rest: readonly Token[],
  isFirst: boolean,
): { index: number; met: number }[] {
  if (before.length === 0) return isFirst ? [{ index: 0, met: 0 }] : [];
  const found: { index: number; met: number }[] = [];
  rest.forEach((_, index) => {
    let met = 0;
    while (met < before.length && rest[index - met]?.word === before[before.length - 1 - met]) met += 1;
    if (met > 0) found.push({ index: index + 1, met });
  });
  return found;
}

/** Where the words behind a slot begin; null when they are not there: half a phrasing is none. */
function endOf(
  start: number,
  after: readonly string[],
  {
    rest,
    values,
    isLast,
  }: { readonly rest: readonly Token[]; readonly values: readonly Found[]; readonly isLast: boolean },
): { index: number; met: number } | null {
  const from = rest[start]?.at ?? Number.POSITIVE_INFINITY;
  const barrier = Math.min(
    ...values.filter((value) => value.from >= from).map((value) => value.from),
    Number.POSITIVE_INFINITY,
  );
  const limit = rest.findIndex((token, index) => index >= start && token.at > barrier);
  const end = limit < 0 ? rest.length : limit;
  if (after.length === 0) return { index: end, met: isLast === (barrier === Number.POSITIVE_INFINITY) ? 1 : 0 };
  for (let index = end - 1; index > start; index -= 1) {
    let met = 0;
    while (met < after.length && index + met < end && rest[index + met]?.word === after[met]) met += 1;
    if (met === after.length) return { index, met: met + 1 };
  }
  return null;
}

/** Without the politeness at the end. */
export function trimmed(taken: readonly Token[]): Token[] {
  const result = [...taken];
  while (POLITE.has(result.at(-1)?.word ?? '')) result.pop();
  return result;
}

/** The words as they are written, with what stands between them. */
export function written(text: string, taken: readonly Token[]): string {
  const [first, last] = [taken[0], taken.at(-1)];
  return first && last ? text.slice(first.at, last.at + last.text.length) : '';
}

const MARK = '\u0001';
const LEADING = `(?:\\b(?:according to|based on|in|from|of|to|using|on|within|under|inside|at|with|by|and|or|the|my|our|file|files|document|documents|page|folder)\\s+)*`;

/** What is asked, in the words of who asks: the text without the values that name where to look. */
export function questionIn(text: string, named: readonly Found[]): string {
  let marked = text;
  for (const { from, to } of [...named].sort((a, b) => b.from - a.from))
    marked = marked.slice(0, from) + MARK + marked.slice(to);
  return marked
    .replace(new RegExp(`${LEADING}${MARK}`, 'giu'), ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;:.–—-]+|[\s,;:–—-]+$/gu, '')
    .replace(/\s+([?.!,])/g, '$1')
    .trim();
}
