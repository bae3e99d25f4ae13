import type { DocumentKind, Passage, Sentence } from '../model';
import { blocksOf, type Piece } from './blocks';
import type { LeftOut } from './sieve';

/** A passage is closed when it has this many characters; a longer sentence is cut. */
const PASSAGE_CHARS = 600;
const INDEX_CHARS = 2_000;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * Cuts a document into passages of whole sentences, none across two blocks. Each knows the place of each sentence, and is found
 * by the heading above it too; rows of a table by the names in the first line.
 *
 * @param sieve blocks that it does not keep are counted and left out
 */
export function* passagesOf(
  text: string,
  kind: DocumentKind,
  document: number,
  sieve?: { readonly keeps: (text: string) => boolean; readonly left: LeftOut },
): Generator<Passage> {
  const lineOf = lineCounter(text);
  let heading = '';
  let isFirst = true;
  for (const piece of blocksOf(text, kind)) {
    if (piece.isHeading) heading = piece.text.slice(0, 300);
    const context = piece.isHeading ? '' : heading;
    if (!sieve || sieve.keeps(piece.text) || sieve.keeps(context))
      yield* passagesIn(piece, { document, context, lineOf, kind });
    else {
      sieve.left.passages += Math.ceil(piece.text.length / PASSAGE_CHARS);
      sieve.left.chars += piece.text.length;
    }
    if (isFirst && kind === 'csv') heading = (piece.text.split('\n')[0] ?? '').slice(0, 300);
    isFirst = false;
  }
}

interface Around {
  readonly document: number;
  readonly context: string;
  readonly lineOf: (place: number) => number;
  readonly kind: DocumentKind;
}

function* passagesIn(piece: Piece, around: Around): Generator<Passage> {
  let group: [number, number][] = [];
  for (const range of ranges(piece)) {
    const first = group[0]?.[0] ?? range[0];
    if (group.length > 0 && range[1] - first > PASSAGE_CHARS) {
      yield passage(piece, group, around);
      group = [];
    }
    group.push(range);
  }
  if (group.length > 0) yield passage(piece, group, around);
}

function passage(piece: Piece, group: readonly [number, number][], around: Around): Passage {
  const start = group[0]?.[0] ?? 0;
  const body = piece.text.slice(start, group.at(-1)?.[1] ?? start);
  const found: Sentence[] = group.map(([at, end]) => {
    const from = piece.startOf(at);
    return { at: at - start, end: end - start, from, to: piece.endOf(end - 1), line: around.lineOf(from) };
  });
  const index = indexText(`${around.context}\n${body}`, around.kind);
  return { document: around.document, body, sentences: found, index };
}

/** Ranges of sentences in the text of a block, without the space around them, none longer than a passage. */
function* ranges({ text, byLine }: Piece): Generator<[number, number]> {
  for (const [from, to] of byLine ? lines(text) : segments(text)) {
    let at = from + (/^\s*/.exec(text.slice(from, to))?.[0].length ?? 0);
    const end = to - (/\s*$/.exec(text.slice(at, to))?.[0].length ?? 0);
    while (end - at > PASSAGE_CHARS) {
      const cut = cutAt(text, at);
      yield [at, cut];
      at = cut + (/^\s*/.exec(text.slice(cut, cut + 100))?.[0].length ?? 0);
    }
    if (end > at) yield [at, end];
  }
}

/** The last gap between words before the limit; without one the limit, never inside of a character. */
function cutAt(text: string, at: number): number {
  const limit = at + PASSAGE_CHARS;
  for (let place = limit; place > at + PASSAGE_CHARS / 2; place -= 1)
    if (/[\s,;}]/.test(text[place] ?? '')) return place;
  const isInside = /[\udc00-\udfff]/.test(text[limit] ?? '');
  return isInside ? limit - 1 : limit;
}

function* segments(text: string): Generator<[number, number]> {
  // A line that was only wrapped ends no sentence; the places stay.
  const flat = text.replace(/\s/g, ' ');
  for (const { index, segment } of sentences.segment(flat)) yield [index, index + segment.length];
}

function* lines(text: string): Generator<[number, number]> {
  for (let at = 0; at < text.length;) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    if (end > at) yield [at, end];
    at = end + 1;
  }
}

/** What search sees: one form for each character, escapes of JSON read, scripts without spaces between words cut into characters. */
function indexText(text: string, kind: DocumentKind): string {
  const plain =
    kind === 'json'
      ? text.replace(/\\u([0-9A-Fa-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      : text;
  return searchable(plain.slice(0, INDEX_CHARS));
}

/** One form for each character; a space around each character of scripts that put none between words. */
export function searchable(text: string): string {
  return text
    .replace(/\p{Cs}/gu, ' ')
    .normalize('NFKC')
    .replace(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu, ' $& ')
    .replaceAll('\0', ' ');
}

/** Lines are counted from place to place: passages come in order. */
function lineCounter(text: string): (place: number) => number {
  let line = 1;
  let at = 0;
  return (place) => {
    for (let feed = text.indexOf('\n', at); feed >= 0 && feed < place; feed = text.indexOf('\n', at)) {
      line += 1;
      at = feed + 1;
    }
    return line;
  };
}
