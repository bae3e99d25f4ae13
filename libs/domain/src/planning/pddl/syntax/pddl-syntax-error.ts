import { AgentError } from '../../../errors';
import type { Position } from '../model';

/** What is wrong in a planning file, and where. */
export interface Mistake {
  readonly file: string;
  readonly at: Position;
  /** What should stand there, in words. */
  readonly expected: string;
  /** What stands there. */
  readonly found: string;
  /** What to do about it, in one sentence; empty where `expected` says it all. */
  readonly hint?: string;
}

/** A planning domain or problem (HDDL, PDDL) that cannot be understood; line and column count from 1. */
export class PddlSyntaxError extends AgentError {
  readonly code = 'planning.malformed_input';
  readonly retryable = false;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly found: string;

  constructor({ file, at, expected, found, hint = '' }: Mistake) {
    const { line, column } = at;
    super(
      `${file}:${line}:${column}: expected ${expected}, found ${found}`,
      { file, line, column, expected, found },
      hint,
    );
    this.file = file;
    this.line = line;
    this.column = column;
    this.expected = expected;
    this.found = found;
  }
}
