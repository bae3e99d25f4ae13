import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { AgentError, type DomainPack, packOfDomain, parsePack, PddlSyntaxError, plural } from '@goalkeeper/domain';

/** Something wrong in a pack folder, and where: `at` is a path into the JSON, or `line:column`; empty for the whole. */
export interface PackFinding {
  readonly file: string;
  readonly at: string;
  readonly message: string;
}

/** A folder below the packs' directory, as it was read. */
export type PackFolder =
  | { readonly place: string; readonly packs: readonly DomainPack[]; readonly problems: null }
  | { readonly place: string; readonly packs: readonly []; readonly problems: readonly PackFinding[] };

const MAX_BYTES = 4 * 1024 * 1024;
const DOMAIN = /\.(hddl|pddl)$/i;
const isPackFile = (name: string): boolean => name === 'pack.json' || name.endsWith('.pack.json');

class Unusable extends Error {
  constructor(readonly findings: readonly PackFinding[]) {
    super(findings.map(({ file, message }) => `${file}: ${message}`).join('; '));
  }
}

/**
 * Reads a folder of data alone, no code: `pack.json` or `*.pack.json`, or one domain (`*.hddl`, `*.pddl`) with `bindings.json`.
 * Never throws for what is in it: what cannot be used is told with its place.
 */
export async function readPackFolder(dir: string): Promise<PackFolder> {
  const place = basename(dir);
  try {
    const names = (await readdir(dir)).sort();
    if (names.includes('plugin.json'))
      throw unusable(
        'plugin.json',
        '',
        'code is loaded at the start of a worker only: name this folder in GK_PLUGIN_DIRS',
      );
    const domains = names.filter((name) => DOMAIN.test(name));
    const packs = await Promise.all(names.filter(isPackFile).map((name) => readJsonPack(dir, name)));
    if (domains.length > 1)
      throw unusable('', '', `one domain is expected, found ${domains.join(', ')}; problems belong into goals`);
    if (domains[0]) packs.push(await readDomainPack(dir, domains[0], names));
    if (packs.length === 0)
      throw unusable('', '', 'pack.json, NAME.pack.json, or a domain (.hddl, .pddl) with bindings.json is expected');
    return { place, packs, problems: null };
  } catch (error) {
    return { place, packs: [], problems: findingsOf(error) };
  }
}

async function readJsonPack(dir: string, file: string): Promise<DomainPack> {
  const value = await readJson(dir, file);
  return located(file, () => parsePack(value));
}

async function readDomainPack(dir: string, file: string, names: readonly string[]): Promise<DomainPack> {
  if (!names.includes('bindings.json'))
    throw unusable('bindings.json', '', `is missing: it says which tool does each primitive of ${file}`);
  const domain = await readText(dir, file);
  const bindings = await readJson(dir, 'bindings.json');
  return located('bindings.json', () =>
    packOfDomain({ domain, bindings }, { domain: file, bindings: 'bindings.json' }),
  );
}

function located<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PddlSyntaxError) {
      const { line, column, expected } = error; // what was found there is the file's, and not told
      throw unusable(error.file, `${line}:${column}`, `expected ${expected}`);
    }
    const problems = error instanceof AgentError ? error.details['problems'] : undefined;
    if (!Array.isArray(problems)) throw error;
    throw new Unusable(
      (problems as readonly { at: string; problem: string }[]).map(({ at, problem }) => ({
        file,
        at,
        message: problem,
      })),
    );
  }
}

async function readJson(dir: string, file: string): Promise<unknown> {
  const text = await readText(dir, file);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? NaN);
    throw unusable(file, Number.isNaN(position) ? endOf(text) : lineAndColumn(text, position), 'is no JSON');
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position);
  return `${before.split('\n').length}:${position - before.lastIndexOf('\n')}`;
}

function endOf(text: string): string {
  return lineAndColumn(text, text.length);
}

/**
 * The text of a regular file of this folder. A link is followed only to a file below the same folder, and what is opened is what is
 * looked at: a pipe would be waited for, and a link out of the folder would show what is none of the pack's.
 */
async function readText(dir: string, file: string): Promise<string> {
  const [home, target] = await Promise.all([realpath(dir), realpath(join(dir, file))]);
  if (!target.startsWith(`${home}${sep}`)) throw unusable(file, '', 'is a link that leads out of its folder');
  const opened = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await opened.stat();
    if (!found.isFile()) throw unusable(file, '', 'is no regular file');
    const { size } = found;
    if (size > MAX_BYTES) throw unusable(file, '', `is ${plural(size, 'byte')} long, at most ${MAX_BYTES} are read`);
    return await opened.readFile('utf8');
  } finally {
    await opened.close();
  }
}

function unusable(file: string, at: string, message: string): Unusable {
  return new Unusable([{ file, at, message }]);
}

function findingsOf(error: unknown): readonly PackFinding[] {
  if (error instanceof Unusable) return error.findings;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const unreadable = `cannot be read${code === '' ? '' : ` (${code})`}`; // the whole message names paths of this machine
  return [{ file: '', at: '', message: error instanceof AgentError ? error.message : unreadable }];
}
