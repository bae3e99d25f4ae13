import type { CliErrorDetails } from '../errors/cli-error';
import type { ExitCode } from '../exit-codes';
import { type CheckOptions, checkCommand } from './check';
import { planCommand, type PlanOptions } from './plan';
import type { Terminal } from '../io/terminal';
import { trainCommand, type TrainOptions } from '../learning/train';

/** What is done with files alone: data that a thread can be handed. */
export type FileJob =
  | { readonly kind: 'plan'; readonly options: PlanOptions }
  | { readonly kind: 'check'; readonly options: CheckOptions }
  | { readonly kind: 'train'; readonly options: TrainOptions };

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

/** What the thread is at: told while it works. */
export interface FileThreadNews {
  readonly kind: 'doing';
  readonly doing: string;
}

/** Does the job in this thread. @throws {CliError} as the command does */
export function doFileJob(terminal: Terminal, job: FileJob, tell?: (doing: string) => void): ExitCode {
  if (job.kind === 'train') return trainCommand(terminal, job.options, tell);
  return job.kind === 'plan' ? planCommand(terminal, job.options) : checkCommand(terminal, job.options);
}
