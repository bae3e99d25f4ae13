import { execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * When a process started, as an opaque text that differs for a later process with the same pid; null when there is none.
 */
export function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch (error) {
    if (process.platform === 'linux') return null;
    try {
      const out = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
      return out.toString().trim() || null;
    } catch {
      return null; // ps ends with 1 when there is no such process
    }
  }
}

/** Is the process that was recorded as {pid, started} still there (and not another one with its number)? */
export function isSameProcess(record) {
  if (!record?.pid) return false;
  const now = startTime(record.pid);
  return now !== null && (record.started === undefined || record.started === now);
}

/** Sends a signal to a whole process group; false when it is gone. Everything we start leads a group of its own. */
export function signalGroup(pid, signal) {
  return signalProcess(-pid, signal);
}

/** Sends a signal to one process; false when it is gone. */
export function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Asks a recorded process to end, waits, then kills its group. */
export async function endRecorded(record, { signal = 'SIGTERM', graceMs = 8_000 } = {}) {
  if (isSameProcess(record)) {
    signalProcess(record.pid, signal);
    const until = Date.now() + graceMs;
    while (isSameProcess(record) && Date.now() < until) await sleep(50);
    if (isSameProcess(record)) signalGroup(record.pid, 'SIGKILL');
  }
}

/** Repeats `check` until it answers something true; throws `onTimeout()` when the time is over. */
export async function until(check, { timeoutMs, everyMs = 100, onTimeout }) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await check();
    if (answer) return answer;
    if (Date.now() > end) throw onTimeout();
    await sleep(everyMs);
  }
}

/** The full path of a program on PATH, or null; folders in `skip` are passed over. */
export function which(name, { env = process.env, skip = () => false } = {}) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (!folder || skip(folder)) continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      continue; // not here
    }
  }
  return null;
}

const running = new Set();
process.on('exit', () => running.forEach((pid) => signalGroup(pid, 'SIGKILL')));

/**
 * Runs a program to its end. `onLine` sees every line of both outputs; rejects with the last lines when it fails.
 * It leads a process group of its own; `signal` (an AbortSignal) ends the whole group.
 */
export function run(command, args, { cwd, env, onLine, signal, input, timeoutMs, ...spawnOptions } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true, ...spawnOptions });
    if (child.pid) running.add(child.pid);
    const lines = [];
    let stdout = '';
    const feed = (stream, keep) => {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk) => {
        if (keep) stdout += chunk;
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) take(line);
      });
      stream.on('end', () => rest && take(rest));
    };
    const take = (line) => {
      lines.push(line);
      if (lines.length > 40) lines.shift();
      onLine?.(line);
    };
    feed(child.stdout, true);
    feed(child.stderr, false);
    child.stdin.on('error', () => {}); // a program that does not read its input closes it: its exit code tells the outcome
    child.stdin.end(input ?? '');
    let ended = '';
    const end = (why) => {
      ended = why;
      signalGroup(child.pid, 'SIGTERM');
      setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 3_000).unref();
    };
    const abort = () => end('interrupted');
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    const timer = timeoutMs ? setTimeout(() => end(`stopped after ${timeoutMs / 1000} s`), timeoutMs) : undefined;
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      running.delete(child.pid);
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (code === 0) return resolve({ stdout, lines });
      const why = ended || (killedBy ? `ended by ${killedBy}` : `exit code ${code}`);
      const failure = new Error(`${command} ${args.slice(0, 3).join(' ')}: ${why}\n${lines.slice(-15).join('\n')}`);
      reject(Object.assign(failure, { code, lines, stdout, interrupted: ended === 'interrupted' }));
    });
  });
}
