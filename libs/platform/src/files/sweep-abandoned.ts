import type { Dirent } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a sweep came to; what could not be removed stays for the next one. */
export interface Sweep {
  readonly removed: number;
  readonly problems: readonly string[];
}

/**
 * Removes files and folders that a killed process left behind: those in `dir` that are named by a UUID and were not touched since
 * `before`. Whoever uses one longer than that must touch it. Several processes may sweep at once.
 *
 * @param before milliseconds since the epoch
 */
export async function sweepAbandoned(dir: string, before: number): Promise<Sweep> {
  let removed = 0;
  const problems: string[] = [];
  for (const { name } of await entriesOf(dir)) {
    if (!UUID.test(name)) continue;
    const path = join(dir, name);
    try {
      if ((await lstat(path)).mtimeMs >= before) continue;
      await rm(path, { recursive: true, force: true });
      removed += 1;
    } catch (error) {
      if (!isMissing(error)) problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { removed, problems };
}

async function entriesOf(dir: string): Promise<Dirent[]> {
  return readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return []; // nothing was ever put there
    throw error;
  });
}

/** Another process was faster. */
function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
