import type { DocumentKind } from '../model';
import { type Block, visibleBlocks } from './visible-text';

/** A block of any kind of document. */
export type Piece = Omit<Block, 'starts' | 'ends'> & {
  /** Where the character of unit `index` begins in the document, and where it ends. */
  readonly startOf: (index: number) => number;
  readonly endOf: (index: number) => number;
  /** Each line is a sentence of its own: rows, members. */
  readonly byLine: boolean;
};

/** The blocks of a document, in order: paragraphs, headings, list items; tables and JSON line by line. */
export function blocksOf(text: string, kind: DocumentKind): Piece[] {
  if (kind === 'html')
    return visibleBlocks(text).map(({ text: shown, starts, ends, isHeading }) => ({
      text: shown,
      isHeading,
      startOf: (index) => starts[index] ?? 0,
      endOf: (index) => ends[index] ?? 0,
      byLine: false,
    }));
  const byLine = kind === 'csv' || kind === 'json';
  return paragraphs(text, byLine).map(([from, to]) => ({
    text: text.slice(from, to),
    isHeading: kind === 'markdown' && /^ {0,3}#{1,6}\s/.test(text.slice(from, Math.min(to, from + 12))),
    startOf: (index) => from + index,
    endOf: (index) => from + index + 1,
    byLine,
  }));
}

const NEW_UNIT = /^[ \t]*(?:[-*+•][ \t]|\d{1,3}[.)][ \t]|#{1,6}[ \t]|>|\|)/;
const LINES_IN_A_BLOCK = 40;

/** Ranges of paragraphs: separated by blank lines, and by lines that begin a heading, an item or a row. */
function paragraphs(text: string, byLine: boolean): [number, number][] {
  const found: [number, number][] = [];
  let from = -1;
  let lines = 0;
  let afterHeading = false;
  const close = (to: number): void => {
    if (from >= 0) found.push([from, to]);
    from = -1;
    lines = 0;
  };
  let at = 0;
  while (at < text.length) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(at, Math.min(end, at + 200));
    const isBlank = line.trim() === '' && end - at <= 200;
    const begins = !byLine && (afterHeading || NEW_UNIT.test(line));
    if (isBlank || begins || lines >= LINES_IN_A_BLOCK) close(at);
    if (!isBlank) {
      if (from < 0) from = at;
      lines += 1;
    }
    afterHeading = /^ {0,3}#{1,6}[ \t]/.test(line);
    at = end + 1;
  }
  close(text.length);
  return found;
}
