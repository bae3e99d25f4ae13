import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DomainPack, offerProblems } from '@goalkeeper/domain';
import { type PackFinding, type PackFolder, readPackFolder } from './pack-folder';
import type { ToolRegistry } from './tool-registry';

/** What a directory of packs holds at the moment. */
export interface PackDirectoryState {
  readonly packs: readonly DomainPack[];
  /** Folders that cannot be used, with what is wrong in them. */
  readonly faults: readonly { readonly place: string; readonly problems: readonly PackFinding[] }[];
}

/**
 * A directory in which each folder is a pack of data. `scan` reads the folders that changed since the last time; a folder that
 * cannot be used is told and left out, and never keeps another one from being used.
 */
export class PackDirectory {
  private readonly known = new Map<string, { stamp: string; folder: PackFolder }>();
  private state: PackDirectoryState = { packs: [], faults: [] };

  constructor(
    private readonly dir: string,
    private readonly tools: Pick<ToolRegistry, 'has' | 'verifier' | 'packs'>,
  ) {}

  current(): PackDirectoryState {
    return this.state;
  }

  /** @returns true when something changed */
  async scan(): Promise<boolean> {
    const names = await foldersIn(this.dir);
    let changed = false;
    for (const gone of [...this.known.keys()].filter((name) => !names.includes(name))) {
      this.known.delete(gone);
      changed = true;
    }
    for (const name of names) {
      const stamp = await stampOf(join(this.dir, name));
      if (this.known.get(name)?.stamp === stamp) continue;
      this.known.set(name, { stamp, folder: await readPackFolder(join(this.dir, name)) });
      changed = true;
    }
    if (changed) this.state = this.accept();
    return changed;
  }

  /** Folders in the order of their names; what an earlier one offers, a later one cannot. */
  private accept(): PackDirectoryState {
    const packs: DomainPack[] = [];
    const faults: PackDirectoryState['faults'][number][] = [];
    const others = this.tools.packs();
    for (const [, { folder }] of [...this.known].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const problems =
        folder.problems ?? folder.packs.flatMap((pack) => clashes(pack, [...others, ...packs], this.tools));
      if (problems.length > 0) faults.push({ place: folder.place, problems });
      else packs.push(...folder.packs);
    }
    return { packs, faults };
  }
}

/** What keeps a sound pack from being used here. */
function clashes(
  pack: DomainPack,
  others: readonly DomainPack[],
  tools: Pick<ToolRegistry, 'has' | 'verifier'>,
): PackFinding[] {
  const file = pack.pddl ? 'bindings.json' : '';
  const hasVerifier = (name: string): boolean => tools.verifier(name) !== undefined;
  return offerProblems(pack, { others, hasTool: (name) => tools.has(name), hasVerifier }).map(({ at, problem }) => ({
    file,
    at,
    message: problem,
  }));
}

async function foldersIn(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Of the file, and of what it leads to where it is a link; a link that leads nowhere is no reason to look no further. */
async function fileStamp(path: string): Promise<string> {
  const [own, target] = await Promise.all([lstat(path), stat(path).catch(() => null)]);
  return [own, target].map((found) => (found ? `${found.size} ${found.mtimeMs} ${found.ino}` : '-')).join(' ');
}

/** One text for the names, sizes and times of a folder's files. */
async function stampOf(dir: string): Promise<string> {
  try {
    const names = (await readdir(dir)).sort();
    const stamps = await Promise.all(names.map((name) => fileStamp(join(dir, name))));
    return stamps.map((stamp, index) => `${names[index]} ${stamp}`).join('\n');
  } catch (error) {
    return `unreadable ${(error as NodeJS.ErrnoException).code ?? ''}`; // read again, and told, once it changes
  }
}
