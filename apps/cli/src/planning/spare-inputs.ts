import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliError } from '../errors/cli-error';
import { EXIT } from '../exit-codes';

/** Where a result is to go, and what it is made from. */
export interface Output {
  readonly output: string;
  /** The flag that named it. */
  readonly flag: string;
  /** Files that are read; what does not exist is passed over. */
  readonly inputs: readonly string[];
}

/**
 * Keeps a result from being written over what it is made from, also through a link or another spelling of the path.
 *
 * @throws {CliError} with exit code 2, before any time is spent
 */
export function spareInputs(cwd: string, { output, flag, inputs }: Output): void {
  if (output.trim() === '') throw unusable(`${flag} names no file`, flag);
  const target = identity(cwd, output);
  const same = target === null ? undefined : inputs.find((input) => identity(cwd, input) === target);
  if (same !== undefined) throw unusable(`${output} would be written over ${same}, which is read`, flag);
}

/** The file itself, whatever it is called; devices may be read and written by the same name. */
function identity(cwd: string, path: string): string | null {
  try {
    const found = statSync(resolve(cwd, path), { throwIfNoEntry: false });
    return found?.isFile() ? `${found.dev}:${found.ino}` : null;
  } catch {
    return null; // what cannot be looked at can be neither read nor written: whoever tries says why
  }
}

const unusable = (message: string, flag: string): CliError =>
  new CliError(message, { code: 'file.unreadable', exitCode: EXIT.usage, fix: [`name another file with ${flag}`] });
