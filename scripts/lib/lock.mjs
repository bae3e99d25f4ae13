import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { isSameProcess, sleep, startTime } from './proc.mjs';

/**
 * Runs `work` while holding a lock file, which names the process that holds it. A lock whose holder is dead is taken
 * over; a live holder is waited for (`onWait(holder, seconds)` is called about every second).
 */
export async function withLock(path, work, { onWait, signal } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const started = Date.now();
  const mine = JSON.stringify({ pid: process.pid, started: startTime(process.pid), host: hostname() });
  while (!tryCreate(path, mine)) {
    signal?.throwIfAborted();
    const text = read(path);
    const holder = parse(text);
    if (text !== null && !isHeld(holder)) takeAway(path, text);
    else {
      onWait?.(holder, Math.round((Date.now() - started) / 1000));
      await sleep(text === null ? 20 : 500);
    }
  }
  const release = () => read(path) === mine && rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** Makes the file with its content in one step, so that nobody ever sees a lock without a holder. */
function tryCreate(path, content) {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // released in between
  }
};

const parse = (text) => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null; // damaged: nobody holds it
  }
};

/** A holder on another machine (shared home) cannot be looked up, so it counts as alive. */
const isHeld = (holder) => holder !== null && (holder.host !== hostname() || isSameProcess(holder));

/** Renames a dead holder's lock away; puts it back when it turns out to be a newer one that came in between. */
function takeAway(path, staleText) {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== staleText) {
    try {
      linkSync(aside, path);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}
