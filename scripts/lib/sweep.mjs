import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { signalProcess, sleep } from './proc.mjs';

const readText = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // ended in between, or another user's
  }
};

/** Processes (not this one) that carry the mark in their environment or name the folder in their command line. */
export function markedProcesses({ mark, folder }) {
  if (!existsSync('/proc/self/environ')) return [];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => {
    if (pid === process.pid) return false;
    const environment = readText(`/proc/${pid}/environ`).split('\0');
    if (environment.includes(mark)) return true;
    return readText(`/proc/${pid}/cmdline`)
      .split('\0')
      .some((part) => part === folder || part.startsWith(`${folder}/`));
  });
}

/** Ends every marked process, whatever group it is in: what a test left behind, or a run that was killed. */
export async function sweep(marks) {
  const first = markedProcesses(marks);
  for (const pid of first) signalProcess(pid, 'SIGTERM');
  for (let round = 0; round < 60 && markedProcesses(marks).length > 0; round += 1) {
    await sleep(50);
    if (round >= 20) for (const pid of markedProcesses(marks)) signalProcess(pid, 'SIGKILL');
  }
  return first.length;
}
