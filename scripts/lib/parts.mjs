/** The real parts, one at a time, for tests and benchmarks: started, waited for, killed and stopped by whoever asks. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackNode } from './node.mjs';
import { root } from './paths.mjs';
import { endRecorded, signalGroup, startTime, until } from './proc.mjs';
import { isReady } from './state.mjs';

export { enginePorts, startEngine } from './engine.mjs';
export { root } from './paths.mjs';
export { pickPort } from './ports.mjs';
export { startPostgres } from './postgres.mjs';
export { startRedis } from './redis.mjs';

/**
 * Starts the built API or worker with exactly the given environment and waits until `/readyz` answers 200 at `url`.
 * The log of every start is appended to `<dir>/<name>.log`.
 */
export async function startService({ name, env, url, dir, readyMs = 60_000 }) {
  const entry = join(root, 'dist', 'apps', name, 'src', 'main.js');
  if (!existsSync(entry)) throw new Error(`${entry} is missing: npm run build`);
  mkdirSync(dir, { recursive: true });
  const log = join(dir, `${name}.log`);
  const out = openSync(log, 'a');
  const { PATH, HOME, TMPDIR, GK_TEST_RUN } = process.env;
  const child = spawn(stackNode(), ['--enable-source-maps', entry], {
    cwd: root,
    detached: true,
    env: { PATH, HOME, TMPDIR, GK_TEST_RUN, ...env },
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  const record = { pid: child.pid, started: startTime(child.pid) };
  let ended = null;
  child.once('exit', (code, signal) => (ended = signal ?? `code ${code}`));
  await until(() => ended !== null || isReady(url), {
    timeoutMs: readyMs,
    everyMs: 50,
    onTimeout: () => new Error(`${name} was not ready within ${readyMs / 1000} s, see ${log}`),
  });
  if (ended !== null)
    throw new Error(`${name} ended while starting (${ended}):\n${readFileSync(log, 'utf8').slice(-3_000)}`);
  return {
    url,
    pid: child.pid,
    log,
    kill: () => void signalGroup(child.pid, 'SIGKILL'),
    stop: () => endRecorded(record, { graceMs: 20_000 }),
  };
}
