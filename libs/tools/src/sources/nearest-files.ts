import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { distance } from '@goalkeeper/domain';

/** Bounds of a look around: what is named this way helps a person at once, or not at all. */
const MAX_ENTRIES = 5_000;
const MAX_DEPTH = 4;
const MAX_NAMED = 3;
/** Longer names are no slips of the pen. */
const MAX_NAME_CHARS = 100;
/** Folders of programs, not of data. */
const NOBODYS = new Set(['node_modules']);

/**
 * Files below folders whose names are most like the one asked for, nearest first: the same name in another folder, then those of which at
 * most a third of the letters (two at least) differ. Links are not followed, hidden files and closed folders not told of.
 *
 * @param asked the name that was not found, with or without folders
 * @param closed folders that are not looked into, as real paths
 * @returns at most three paths
 */
export async function nearestFiles(
  asked: string,
  folders: readonly string[],
  closed: readonly string[],
): Promise<readonly string[]> {
  const wanted = basename(asked).toLowerCase();
  if (wanted === '' || wanted.length > MAX_NAME_CHARS) return [];
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const near: { readonly path: string; readonly far: number }[] = [];
  for (const path of await filesBelow(folders, closed)) {
    const name = basename(path).toLowerCase();
    if (Math.abs(name.length - wanted.length) > limit) continue;
    const far = distance(wanted, name);
    if (far <= limit && far < Math.max(wanted.length, name.length)) near.push({ path, far });
  }
  return near
    .toSorted((a, b) => a.far - b.far || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .slice(0, MAX_NAMED)
    .map(({ path }) => path);
}

/** Files below folders, upper ones first, as many as the bounds allow. */
async function filesBelow(folders: readonly string[], closed: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const open = folders.map((folder) => ({ folder: resolve(folder), depth: 0 }));
  let seen = 0;
  for (let here = open.shift(); here && seen < MAX_ENTRIES; here = open.shift()) {
    if (closed.includes(here.folder)) continue;
    const entries = await readdir(here.folder, { withFileTypes: true }).catch(() => []); // a folder that cannot be read has no hints
    for (const entry of entries.slice(0, MAX_ENTRIES - seen)) {
      if (entry.name.startsWith('.')) continue;
      const path = join(here.folder, entry.name);
      if (entry.isFile()) found.add(path);
      else if (entry.isDirectory() && here.depth < MAX_DEPTH && !NOBODYS.has(entry.name))
        open.push({ folder: path, depth: here.depth + 1 });
    }
    seen += entries.length;
  }
  return [...found];
}
