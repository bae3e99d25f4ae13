import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Guidance,
  guidanceFor,
  GuidanceModelError,
  MAX_MODEL_CHARS,
  plural,
  readGuidanceModel,
} from '@goalkeeper/domain';
import { CliError } from '../errors/cli-error';
import { EXIT } from '../exit-codes';
import type { PlanningTask } from './read-input';

/**
 * Reads a model of learned guidance and prepares it for a problem.
 *
 * @throws {CliError} with exit code 2: no such file, no model, another version, or a model of another domain
 */
export function readGuidance(cwd: string, file: string, { domain, problem }: PlanningTask): Guidance {
  const text = readModelText(resolve(cwd, file), file);
  try {
    return guidanceFor(readGuidanceModel(text), domain, problem);
  } catch (error) {
    if (!(error instanceof GuidanceModelError)) throw error;
    const { code, message, hint } = error;
    throw new CliError(`${file}: ${message}`, { code, exitCode: EXIT.usage, fix: [hint] });
  }
}

function readModelText(path: string, file: string): string {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) throw new Error('there is no such file');
    if (!found.isFile()) throw new Error('it is no file');
    if (found.size > MAX_MODEL_CHARS)
      throw new Error(`it has ${plural(found.size, 'byte')}; ${MAX_MODEL_CHARS} are allowed`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(`The guidance ${file} cannot be read: ${why}`, {
      code: 'file.unreadable',
      exitCode: EXIT.usage,
      fix: ['name a model that goalkeeper learn train wrote with --guidance'],
    });
  }
}
