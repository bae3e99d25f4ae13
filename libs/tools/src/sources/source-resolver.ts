import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type SourceResolver, ToolFailure } from '../definition';
import { listFolder } from './list-folder';
import { nearestFiles } from './nearest-files';

export interface SourceResolverOptions {
  /** Folders that goals may read from; a relative path is looked up below the first. May be empty. */
  readonly roots: readonly string[];
  /** Folders that stay shut although they lie below a root: our own data, where the token and other tenants' files are. */
  readonly closed?: readonly string[];
  /** Folder of the sample data sets (`vega-datasets/data`). */
  readonly samplesDir: string;
  /** Finds an uploaded artifact of the goal's tenant by its id (`art_…`); undefined when there is none. */
  artifactPath(id: string): Promise<{ readonly path: string; readonly name: string } | undefined>;
}

type Resolved = { readonly path: string; readonly name: string };

/** Finds where a goal's data lies, and lets nothing be read but uploads, samples and files below the roots. */
export function createSourceResolver(options: SourceResolverOptions): SourceResolver {
  return {
    async resolve(source) {
      if (source.trim() === '' || source.includes('\0')) throw missing(source, 'Name a file, a sample or an artifact.');
      if (source.startsWith('art_')) return fromArtifact(options, source);
      if (source.startsWith('sample:')) return fromSamples(options, source);
      return fromRoots(options, source);
    },
    async list(source, endings) {
      if (source.trim() === '' || source.includes('\0') || /^(?:art_|sample:)/.test(source)) return null;
      const { path } = await locate(options, source);
      const isFolder = (await lstat(path)).isDirectory();
      return isFolder ? listFolder(source, path, { endings, closed: await realFolders(options.closed ?? []) }) : null;
    },
  };
}

async function fromArtifact(options: SourceResolverOptions, source: string): Promise<Resolved> {
  const found = await options.artifactPath(source);
  if (!found) throw missing(source, 'Upload the file first and use the id of the answer.');
  const path = await regularFile(source, found.path);
  return { path, name: found.name };
}

async function fromSamples(options: SourceResolverOptions, source: string): Promise<Resolved> {
  const name = source.slice('sample:'.length);
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name))
    throw missing(source, 'A sample is a plain file name, e.g. sample:weather.csv.');
  const path = await existing(source, join(options.samplesDir, name), async () => {
    const near = await nearestFiles(name, [options.samplesDir], []);
    const samples =
      near.length === 0 ? ['weather.csv', 'movies.json', 'stocks.csv'] : near.map((file) => basename(file));
    return `${near.length === 0 ? 'Samples are, e.g.,' : 'Did you mean'} ${listed(
      samples.map((sample) => `sample:${sample}`),
      near,
    )}`;
  });
  await mustBeBelow([options.samplesDir], path, source);
  return { path: await regularFile(source, path), name };
}

async function fromRoots(options: SourceResolverOptions, source: string): Promise<Resolved> {
  const { path, asked } = await locate(options, source);
  return { path: await regularFile(source, path), name: basename(asked) };
}

/** Where a path below the roots really lies; nothing outside of them is looked at. */
async function locate(options: SourceResolverOptions, source: string): Promise<{ path: string; asked: string }> {
  const [first] = options.roots;
  if (first === undefined) {
    throw new ToolFailure(
      'source.outside_roots',
      `No folder is open for reading, so ${source} cannot be read. Upload it instead.`,
    );
  }
  const asked = isAbsolute(source) ? source : resolve(first, source);
  // Outside is refused before existence is told, so that nobody can feel their way around the disk.
  const lexical = options.roots.some((root) => isBelow(resolve(root), resolve(asked)));
  if (!lexical) await mustBeBelow(options.roots, await realpath(asked).catch(() => asked), source);
  await mustNotBeBelow(options.closed ?? [], asked, source);
  const path = await existing(source, asked, () => whereInstead(options, source));
  await mustBeBelow(options.roots, path, source);
  await mustNotBeBelow(options.closed ?? [], path, source);
  return { path, asked };
}

async function realFolders(folders: readonly string[]): Promise<string[]> {
  return Promise.all(folders.map((folder) => realpath(folder).catch(() => resolve(folder))));
}

/** Where was looked, files of a like name that could be meant, and what to do; of the folders that goals may read alone. */
async function whereInstead(options: SourceResolverOptions, source: string): Promise<string> {
  const { roots, closed = [], samplesDir } = options;
  const near = await nearestFiles(source, roots, await realFolders(closed));
  const names = near.map((path) => asSource(path, roots[0] ?? '', samplesDir));
  const looked = isAbsolute(source) ? '' : `Relative paths start at ${roots[0] ?? ''}. `;
  if (names.length > 0) return `${looked}Did you mean ${listed(names, near)}`;
  const more = roots.length > 1 ? `, nor below ${roots.slice(1, 3).join(', ')}${roots.length > 3 ? ', …' : ''}` : '';
  return `${looked}No file of a like name lies below ${roots[0] ?? ''}${more}. Check the spelling, put it there, or upload it.`;
}

/** How a goal names a file: as a sample, by its way from the first root, or whole. */
function asSource(path: string, first: string, samplesDir: string): string {
  if (samplesDir !== '' && dirname(path) === resolve(samplesDir)) return `sample:${basename(path)}`;
  return isBelow(resolve(first), path) ? `./${relative(resolve(first), path)}` : path;
}

function listed(names: readonly string[], near: readonly string[]): string {
  return `${names.join(', ')}${near.length === 0 ? '.' : '? Else upload the file.'}`;
}

async function existing(source: string, path: string, hint: () => Promise<string>): Promise<string> {
  return realpath(path).catch(async () => {
    throw missing(source, await hint());
  });
}

async function mustBeBelow(roots: readonly string[], path: string, source: string): Promise<void> {
  for (const root of roots) {
    const real = await realpath(root).catch(() => undefined);
    if (real !== undefined && isBelow(real, path)) return;
  }
  throw outside(source, roots);
}

async function mustNotBeBelow(closed: readonly string[], path: string, source: string): Promise<void> {
  for (const folder of closed) {
    const real = await realpath(folder).catch(() => resolve(folder));
    if (isBelow(real, path) || isBelow(resolve(folder), path)) throw outside(source);
  }
}

/** @param roots the folders that could have held it; none when it lies below one and is shut nevertheless */
function outside(source: string, roots: readonly string[] = []): ToolFailure {
  const named = roots.length === 0 ? '' : ` (${roots.slice(0, 3).join(', ')}${roots.length > 3 ? ', …' : ''})`;
  const message = `${source} lies outside of the folders that goals may read${named}. Put a CSV, JSON or Parquet file there, or upload it.`;
  return new ToolFailure('source.outside_roots', message, { details: { source } });
}

function isBelow(root: string, path: string): boolean {
  const step = relative(root, path);
  return step !== '' && !step.startsWith('..') && !isAbsolute(step);
}

/** Opens without blocking (a FIFO would hang) and without following a link that came since, and looks at what was opened. */
async function regularFile(source: string, path: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw missing(source, 'It vanished while it was being looked up.');
    throw new ToolFailure('source.not_a_file', `${source} cannot be read (${error.code ?? error.message}).`);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      const what = stat.isDirectory() ? 'is a folder' : 'is not a regular file';
      throw new ToolFailure('source.not_a_file', `${source} ${what}. Name a CSV, JSON or Parquet file.`);
    }
    return path;
  } finally {
    await handle.close();
  }
}

function missing(source: string, hint: string): ToolFailure {
  return new ToolFailure('source.missing', `There is no ${source}. ${hint}`, { details: { source } });
}
