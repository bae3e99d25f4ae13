import type { Json } from '../json';
import type { ParamDef, TaskDef } from '../planning/pack';
import { extractValues } from './extract';
import { FILLERS } from './lexicon';
import { isStopWord, tokens, type Token } from './words';

const COUNTS: Readonly<Record<string, number>> = {
  ...{ two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, twelve: 12, twenty: 20 },
};
/** Words of a name at most: `unit price per kilogram`. */
const LONGEST_NAME = 4;

/**
 * The arguments with what the words name besides: the choices of a parameter (`total` chooses `sum`; several are joined by commas in
 * their order), and columns and numbers that stand in one of its frames (`from * to *`, `average *`, `top *`). What is
 * given already stays as it is; a word that is a column is no choice.
 */
export function withNamedValues(text: string, task: TaskDef, given: Record<string, Json>): Record<string, Json> {
  const params = task.params.filter((param) => param.frames !== undefined || param.choices !== undefined);
  if (params.length === 0) return given;
  const values = extractValues(text).filter(({ type }) => type !== 'number');
  const all = tokens(text).map((token) =>
    values.some(({ from, to }) => token.at >= from && token.at < to) ? { ...token, word: '', stem: '' } : token,
  );
  const args: Record<string, Json> = { ...given };
  for (const param of params.filter(({ frames, name }) => frames && args[name] === undefined)) {
    const found = framed(all, param, { task, taken: new Set(Object.values(args)) });
    if (found !== null) args[param.name] = found;
  }
  const names = new Set(
    task.params
      .filter(({ type }) => type === 'column')
      .flatMap(({ name }) => (typeof args[name] === 'string' ? [args[name].toLowerCase()] : [])),
  );
  for (const param of params.filter(({ choices, name }) => choices && args[name] === undefined)) {
    const found = chosen(all, param, names);
    if (found !== '') args[param.name] = found;
  }
  return args;
}

/** The choices whose words stand in the text, in its order; where wordings overlap the longest counts. */
function chosen(all: readonly Token[], { choices = {} }: ParamDef, names: ReadonlySet<string>): string {
  const wordings = Object.entries(choices)
    .flatMap(([value, texts]) => texts.map((wording) => ({ value, words: tokens(wording).map(({ word }) => word) })))
    .sort((a, b) => b.words.length - a.words.length);
  const found: string[] = [];
  for (let at = 0; at < all.length; at += 1) {
    const met = wordings.find(({ words }) => words.every((word, index) => all[at + index]?.word === word));
    if (!met) continue;
    const isName = names.has(met.words.join(' ')) && !all.slice(0, at).some(({ word }) => word === met.words[0]);
    if (!isName && !found.includes(met.value)) found.push(met.value);
    at += met.words.length - 1;
  }
  return found.join(',');
}

/** The first frame that the text has: for columns the words in its place, for integers the number. */
function framed(
  all: readonly Token[],
  { frames = [], type }: ParamDef,
  { task, taken }: { readonly task: TaskDef; readonly taken: ReadonlySet<Json> },
): Json | null {
  const known = new Set(
    task.phrasings.flatMap((phrasing) => tokens(phrasing.replace(/\{[^}]*\}/g, ' ')).map(({ stem }) => stem)),
  );
  for (const frame of frames) {
    const items = frame.split(' ');
    for (let at = 0; at < all.length; at += 1) {
      const found = type === 'integer' ? countIn(all, at, items) : nameIn(all, at, { items, known });
      // A name is one column: what is grouped by is not measured.
      if (found !== null && !taken.has(found)) return found;
    }
  }
  return null;
}

function countIn(all: readonly Token[], from: number, items: readonly string[]): number | null {
  let count: number | null = null;
  for (const [index, item] of items.entries()) {
    const word = all[from + index]?.word ?? '';
    if (item !== '*' && item !== word) return null;
    if (item === '*') count = COUNTS[word] ?? (/^[1-9]\d{0,3}$/.test(word) ? Number(word) : null);
    if (item === '*' && count === null) return null;
  }
  return count;
}

interface Frame {
  readonly items: readonly string[];
  /** Stems of the task's own words: no names. */
  readonly known: ReadonlySet<string>;
}

/** The name that stands in every place of the frame, the same in all of them. */
function nameIn(all: readonly Token[], from: number, { items, known }: Frame): string | null {
  let at = from;
  let name: readonly Token[] = [];
  for (const [index, item] of items.entries()) {
    if (item !== '*') {
      if (all[at]?.word !== item) return null;
      at += 1;
      continue;
    }
    while (FILLERS.has(all[at]?.word ?? '')) at += 1;
    const place = namePlace(all, at, { known, before: items[index + 1] });
    if (place.length === 0) return null;
    if (name.length > 0 && place.map(({ stem }) => stem).join(' ') !== name.map(({ stem }) => stem).join(' '))
      return null;
    name = place;
    at += place.length;
  }
  return name.map(({ text }) => text).join(' ');
}

function namePlace(
  all: readonly Token[],
  at: number,
  { known, before }: { readonly known: ReadonlySet<string>; readonly before: string | undefined },
): Token[] {
  const place: Token[] = [];
  for (const token of all.slice(at, at + LONGEST_NAME)) {
    const ends = token.stem === '' || isStopWord(token.word) || token.word === before || /^\d/.test(token.word);
    if (ends || known.has(token.stem)) break;
    place.push(token);
  }
  return place;
}
