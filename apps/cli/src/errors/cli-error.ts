import { EXIT, type ExitCode } from '../exit-codes';

export interface CliErrorDetails {
  /** Never changes; `goalkeeper help errors CODE` explains it. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** What to do about it: whole commands where there are any. */
  readonly fix?: readonly string[];
  /** Single mistakes, each with its place. */
  readonly places?: readonly string[];
  /** Where in a file the mistake is, for programs; line and column from 1. */
  readonly position?: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly expected: string;
  };
  /** What a repeat would do, in words. */
  readonly repeat?: string;
  readonly traceId?: string;
  /** The goal it is about, for programs. */
  readonly goalId?: string;
}

/** A failure as the person at the terminal reads it. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly details: CliErrorDetails,
  ) {
    super(message);
    this.name = 'CliError';
  }

  get exitCode(): ExitCode {
    return this.details.exitCode;
  }
}

/** The command line itself is wrong; nothing was sent. */
export function usageError(message: string, ...fix: string[]): CliError {
  const repeat = 'nothing was sent';
  return new CliError(message, { code: 'usage', exitCode: EXIT.usage, fix, repeat });
}
