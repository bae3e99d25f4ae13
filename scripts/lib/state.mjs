import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataDir } from './paths.mjs';
import { endRecorded, isSameProcess, startTime } from './proc.mjs';
import { stopOrphan } from './postgres.mjs';

const file = join(dataDir, 'stack.json');

/** The running stack of this checkout: {launcher, children: [{name, pid, started}], addresses}, or null. */
export function readState(path = file) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null; // damaged: as if there were none; the databases' own lock files still tell
  }
}

/** Written in one step, so that a reader never sees half of it. */
export function writeState(state, path = file) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

export const clearState = (path = file) => rmSync(path, { force: true });

export const thisProcess = () => ({ pid: process.pid, started: startTime(process.pid) });

/** True when the API of the recorded stack says that it is ready. */
export async function isReady(apiUrl) {
  try {
    const response = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false; // not listening
  }
}

/** Ends what a killed launcher left behind; returns the names of the parts that were still running. */
export async function endLeftovers(state, { dir = dataDir } = {}) {
  const alive = (state?.children ?? []).filter(isSameProcess).reverse();
  for (const child of alive) await endRecorded(child, child.name === 'postgres' ? { signal: 'SIGINT' } : {});
  const orphan = await stopOrphan(join(dir, 'postgres'));
  return [...alive.map(({ name }) => name), ...(orphan ? ['postgres'] : [])];
}
