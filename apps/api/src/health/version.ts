import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let version: string | null = null;

/** The version in the nearest package.json above this file, in sources as well as in dist. */
export function readVersion(): string {
  version ??= search(__dirname);
  return version;
}

function search(folder: string): string {
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    const found = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    if (found.name === 'goalkeeper' && found.version) return found.version;
  }
  const above = dirname(folder);
  if (above === folder) return 'unknown';
  return search(above);
}
