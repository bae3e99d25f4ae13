import type { Position } from '../model';
import { PddlSyntaxError } from './pddl-syntax-error';

export interface Token {
  readonly kind: '(' | ')' | 'word';
  /** As written. */
  readonly raw: string;
  readonly at: Position;
}

/** A line break, a comment, a parenthesis, a dash glued to the type after it, or a word; other white space is skipped. */
const PIECE = /\r\n?|\n|;[^\r\n]*|[()]|-(?=\p{L})|[^\s();]+/gu;
const CONTROL = /\p{Cc}/u;

/**
 * The tokens of a planning file, one by one. Columns count UTF-16 code units from 1 (a tab is one); a byte order mark counts for nothing.
 *
 * @throws {PddlSyntaxError} for control characters: the file is not text
 */
export function* tokensOf(text: string, file: string): Generator<Token> {
  let line = 1;
  let lineStart = text.startsWith('\uFEFF') ? 1 : 0;
  for (const { 0: raw, index } of text.matchAll(PIECE)) {
    const at = { line, column: index - lineStart + 1 };
    if (raw === '(' || raw === ')') yield { kind: raw, raw, at };
    else if (raw.startsWith('\n') || raw.startsWith('\r')) {
      line += 1;
      lineStart = index + raw.length;
    } else if (!raw.startsWith(';')) {
      const control = CONTROL.exec(raw);
      if (control) throw notText(file, { line, column: at.column + control.index }, control[0]);
      yield { kind: 'word', raw, at };
    }
  }
}

function notText(file: string, at: Position, character: string): PddlSyntaxError {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return new PddlSyntaxError({
    file,
    at,
    expected: 'text',
    found: `the control character U+${code}`,
    hint: 'Save the file as plain text in UTF-8.',
  });
}
