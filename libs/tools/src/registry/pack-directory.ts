import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DomainPack, FACTS_HOLD } from '@goalkeeper/domain';
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

/** What keeps a sound pack from being used here: names that are taken, tools and verifiers that are not installed. */
function clashes(
  pack: DomainPack,
  others: readonly DomainPack[],
  tools: Pick<ToolRegistry, 'has' | 'verifier'>,
): PackFinding[] {
  const file = pack.pddl ? 'bindings.json' : '';
  const found: PackFinding[] = [];
  if (others.some(({ name }) => name === pack.name))
    found.push({ file, at: 'name', message: `another pack is called ${pack.name}` });
  for (const task of pack.tasks) {
    const owner = others.find((other) => other.tasks.some(({ name }) => name === task.name));
    if (owner) found.push({ file, at: 'tasks', message: `the pack ${owner.name} offers a task ${task.name} already` });
    for (const { name } of task.success)
      if (name !== FACTS_HOLD && !tools.verifier(name))
        found.push({ file, at: `tasks ${task.name}`, message: `no verifier is called ${name}` });
  }
  for (const { name, tools: bound } of pack.operators)
    for (const { tool } of bound)
      if (!tools.has(tool)) found.push({ file, at: `operator ${name}`, message: `no tool is called ${tool}` });
  return found;
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

/** One text for the names, sizes and times of a folder's files. */
async function stampOf(dir: string): Promise<string> {
  try {
    const names = (await readdir(dir)).sort();
    const stats = await Promise.all(names.map((name) => stat(join(dir, name))));
    return stats.map(({ size, mtimeMs, ino }, index) => `${names[index]} ${size} ${mtimeMs} ${ino}`).join('\n');
  } catch (error) {
    return `unreadable ${(error as NodeJS.ErrnoException).code ?? ''}`; // read again, and told, once it changes
  }
}
