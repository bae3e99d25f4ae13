import { PddlSyntaxError } from '../syntax/pddl-syntax-error';

/** A text with `§` where a mistake is expected: the text without the mark, and the place of it. */
export function unmark(marked: string): { text: string; line: number; column: number } {
  const [before = '', after] = marked.split('§');
  if (after === undefined) throw new Error(`no mark in ${marked}`);
  const lines = before.split('\n');
  return { text: before + after, line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** The error that reading ends with. */
export function refusalOf(read: () => unknown): PddlSyntaxError {
  try {
    read();
  } catch (error) {
    if (error instanceof PddlSyntaxError) return error;
    throw error;
  }
  throw new Error('it was read without an error');
}
