import type { CliErrorDetails } from '../errors/cli-error';
import type { ExitCode } from '../exit-codes';
import { type CheckOptions, checkCommand } from './check';
import { planCommand, type PlanOptions } from './plan';
import type { Terminal } from '../io/terminal';

/** What is done with files alone: data that a thread can be handed. */
export type FileJob =
  { readonly kind: 'plan'; readonly options: PlanOptions } | { readonly kind: 'check'; readonly options: CheckOptions };

export interface FileThreadInput {
  readonly job: FileJob;
  readonly cwd: string;
  readonly begunMs: number;
}

/** How the job ended, with all that it said. */
export type FileThreadAnswer =
  | { readonly kind: 'ended'; readonly code: ExitCode; readonly out: string; readonly err: string }
  | { readonly kind: 'refused'; readonly message: string; readonly details: CliErrorDetails; readonly err: string }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'broken'; readonly name: string; readonly message: string; readonly stack: string };

/** Does the job in this thread. @throws {CliError} as the command does */
export function doFileJob(terminal: Terminal, job: FileJob): ExitCode {
  return job.kind === 'plan' ? planCommand(terminal, job.options) : checkCommand(terminal, job.options);
}
