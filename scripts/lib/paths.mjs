import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: every relative path of the scripts is meant from here. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Data of this checkout (databases, logs, token); deleted by `--reset`. */
export const dataDir = join(root, '.goalkeeper');

/** Outside the checkout, shared by all clones of one user: engine and Redis binaries, keyed by version. */
export function cacheDir(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'goalkeeper');
}
