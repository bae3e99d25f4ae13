import { resolve } from 'node:path';
import {
  parseDomain,
  parsePlan,
  parseProblem,
  type ParsedPlan,
  type PddlDomain,
  type PddlProblem,
  PddlSyntaxError,
  PlanSyntaxError,
} from '@goalkeeper/domain';
import { CliError } from '../errors/cli-error';
import { EXIT } from '../exit-codes';
import { readWhole } from './read-whole';

export interface PlanningTask {
  readonly domain: PddlDomain;
  readonly problem: PddlProblem;
}

/**
 * Reads a domain and a problem, HDDL or PDDL.
 *
 * @param cwd where relative paths begin
 * @throws {CliError} with exit code 2: a file that cannot be read or is no text, or a mistake in it with its place
 */
export function readTask(cwd: string, files: { readonly domain: string; readonly problem: string }): PlanningTask {
  const domain = readDomain(cwd, files.domain);
  return { domain, problem: readProblem(cwd, files.problem, domain) };
}

/** Reads a domain. @throws {CliError} like {@link readTask} */
export function readDomain(cwd: string, file: string): PddlDomain {
  return parsed(() => parseDomain(readText(cwd, file, 'domain'), file));
}

/** Reads a problem of a domain. @throws {CliError} like {@link readTask} */
export function readProblem(cwd: string, file: string, domain: PddlDomain): PddlProblem {
  return parsed(() => parseProblem(readText(cwd, file, 'problem'), domain, file));
}

/** Reads a plan. @throws {CliError} like {@link readTask} */
export function readPlan(cwd: string, file: string): ParsedPlan {
  return parsed(() => parsePlan(readText(cwd, file, 'plan'), file));
}

function parsed<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const isSyntax = error instanceof PddlSyntaxError || error instanceof PlanSyntaxError;
    if (!isSyntax) throw error;
    const { file, line, column, expected, code, hint, message } = error;
    throw new CliError(message, {
      code,
      exitCode: EXIT.usage,
      ...(hint === '' ? {} : { fix: [hint] }),
      position: { file, line, column, expected },
    });
  }
}

/** The text of a file: UTF-8, or Latin-1 where it is not, as old benchmark files have it in their comments. */
function readText(cwd: string, file: string, what: string): string {
  const bytes = readBytes(resolve(cwd, file), file, what);
  if (bytes.includes(0)) {
    throw unusable(`The ${what} ${file} is not text: it holds a zero byte`, `name a text file with --${what}`);
  }
  const text = decoded(bytes);
  if (text.trim() === '') throw unusable(`The ${what} ${file} is empty`, `name a file with a ${what} with --${what}`);
  return text;
}

function readBytes(path: string, file: string, what: string): Buffer {
  try {
    return readWhole(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw unusable(`The ${what} ${file} cannot be read: ${why}`, `check the path after --${what} and its permissions`);
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1'); // every byte is a character there; what is none of the language is refused in its place
  }
}

function unusable(message: string, fix: string): CliError {
  return new CliError(message, { code: 'file.unreadable', exitCode: EXIT.usage, fix: [fix] });
}
