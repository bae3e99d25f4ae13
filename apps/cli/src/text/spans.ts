import { styleText } from 'node:util';
import { displayWidth, truncate } from './width';

/** How a piece of text is emphasised; the words must carry the meaning without it. */
export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** A piece of a line; its text must be safe to print (see {@link oneLine}). */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}
export type Line = readonly Span[];

export const span = (text: string, style?: Style): Span => (style ? { text, style } : { text });

/** Cells of a whole line. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, part) => sum + displayWidth(part.text), 0);
}

/** The line cut to at most `width` cells, the cut marked with `…`. */
export function fitLine(line: Line, width: number): Line {
  if (lineWidth(line) <= width) return line;
  const kept: Span[] = [];
  let left = width;
  for (const part of line) {
    const cells = displayWidth(part.text);
    if (cells >= left) {
      // the last piece that is shown: one cell goes to the mark, also when the piece itself would just fit
      kept.push({ ...part, text: truncate(`${part.text} `, left) });
      break;
    }
    kept.push(part);
    left -= cells;
  }
  return kept;
}

/** `left` and `right` at the two edges of a line of `width` cells; `left` is cut when both do not fit. */
export function spread(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(right) - 1;
  const cut = fitLine(left, Math.max(1, room));
  return fitLine([...cut, span(' '.repeat(Math.max(1, width - lineWidth(cut) - lineWidth(right)))), ...right], width);
}

/** The line as text for a stream, with terminal colours only when `colour` is true. */
export function paint(line: Line, colour: boolean): string {
  return line
    .map(({ text, style }) => (colour && style ? styleText(style, text, { validateStream: false }) : text))
    .join('')
    .trimEnd();
}
