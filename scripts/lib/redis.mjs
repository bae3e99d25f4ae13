import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { packagedRedis } from './redis-package.mjs';
import { pickPort } from './ports.mjs';
import { endRecorded, signalProcess, startTime, until, which } from './proc.mjs';

/** How to run the redis-server on PATH, or null. */
export function redisOnPath() {
  const path = which('redis-server');
  return path && { command: path, env: {} };
}

/** Starts Redis as our child, without files: what it holds may be lost. Ready when `redisAnswers`. */
export function spawnRedis({ server, dir, port, log }) {
  mkdirSync(dir, { recursive: true });
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, 'a');
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir].map(String);
  const child = spawn(server.command, args, {
    cwd: dir,
    detached: true,
    env: { ...process.env, ...server.env },
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  return child;
}

/** True when a Redis there answers PING. */
export function redisAnswers(port, host = '127.0.0.1', timeoutMs = 1_000) {
  return new Promise((resolve) => {
    const socket = connect({ port, host }, () => socket.write('PING\r\n'));
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', (data) => end(data.toString().startsWith('+PONG') || data.toString().startsWith('-NOAUTH')));
  });
}

/**
 * A redis-server for tests: the one on PATH, else Debian's package unpacked into the cache.
 * @returns {Promise<{server: {command: string, env: object} | null, reason: string}>} reason says why there is none
 */
export async function ensureTestRedis({ reporter, signal } = {}) {
  const found = redisOnPath();
  return found ? { server: found, reason: '' } : packagedRedis({ reporter, signal });
}

/**
 * A Redis of one's own for tests and benchmarks.
 * @returns {Promise<{url: string, port: number, pid: number, kill(): void, stop(): Promise<void>}>}
 */
export async function startRedis({ server, dir, port, log = join(dir, 'redis.log') }) {
  const chosen = port ?? (await pickPort());
  const child = spawnRedis({ server, dir, port: chosen, log });
  const record = { pid: child.pid, started: startTime(child.pid) };
  let ended = false;
  for (const event of ['exit', 'error']) child.once(event, () => (ended = true));
  await until(() => ended || redisAnswers(chosen), {
    timeoutMs: 20_000,
    everyMs: 30,
    onTimeout: () => new Error(`Redis did not answer on port ${chosen} within 20 s, see ${log}`),
  });
  if (ended)
    throw new Error(`Redis ended while starting:\n${existsSync(log) ? readFileSync(log, 'utf8').slice(-2_000) : ''}`);
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    pid: child.pid,
    kill: () => void signalProcess(child.pid, 'SIGKILL'),
    stop: () => endRecorded(record, { graceMs: 5_000 }),
  };
}
