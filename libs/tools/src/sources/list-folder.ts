import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { ToolFailure } from '../definition';

const MAX_ENTRIES = 20_000;
const MAX_DEPTH = 16;

interface Wanted {
  readonly endings: readonly string[];
  /** Folders that stay shut. */
  readonly closed: readonly string[];
}

/**
 * The files of a folder and those in it, as sources that begin with the folder's own. Links are not followed, so that none
 * leads out of it; hidden files are nobody's documents.
 *
 * @throws {ToolFailure} `source.too_many` for folders that are too large to walk
 */
export async function listFolder(source: string, folder: string, wanted: Wanted): Promise<string[]> {
  const found: string[] = [];
  const open = [{ source: source.replace(/\/+$/, '') || '/', folder, depth: 0 }];
  let seen = 0;
  for (let here = open.pop(); here; here = open.pop()) {
    const entries = await readdir(here.folder, { withFileTypes: true });
    seen += entries.length;
    if (seen > MAX_ENTRIES)
      throw new ToolFailure(
        'source.too_many',
        `${source} holds more than ${MAX_ENTRIES} files. Name a smaller folder.`,
      );
    for (const entry of entries) {
      const path = join(here.folder, entry.name);
      if (entry.name.startsWith('.') || wanted.closed.some((shut) => isIn(shut, path))) continue;
      const own = `${here.source}/${entry.name}`;
      if (entry.isDirectory() && here.depth < MAX_DEPTH)
        open.push({ source: own, folder: path, depth: here.depth + 1 });
      else if (entry.isFile() && hasEnding(entry.name, wanted.endings)) found.push(own);
    }
  }
  return found.sort();
}

function hasEnding(name: string, endings: readonly string[]): boolean {
  return endings.includes(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '');
}

function isIn(folder: string, path: string): boolean {
  const step = relative(folder, path);
  return !step.startsWith('..') && !isAbsolute(step);
}
