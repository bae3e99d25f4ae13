/**
 * Runs one stack of a test's own (PostgreSQL, Temporal, API, worker) in a fresh folder on free ports. Told what to do by
 * JSON lines on stdin ({id, op, part, env}), it answers by JSON lines on stdout ({id, result | error}). When stdin ends,
 * for whatever reason, everything it started is ended and the folder is removed.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureEngine } from '../../../../scripts/lib/engine-binary.mjs';
import { enginePorts, startEngine } from '../../../../scripts/lib/engine.mjs';
import { root } from '../../../../scripts/lib/paths.mjs';
import { pickPort } from '../../../../scripts/lib/ports.mjs';
import { signalGroup, signalProcess, sleep } from '../../../../scripts/lib/proc.mjs';
import { startPostgres } from '../../../../scripts/lib/postgres.mjs';
import { isReady } from '../../../../scripts/lib/state.mjs';

const READY_MS = 60_000;
const quiet = Object.fromEntries(
  ['info', 'warn', 'error', 'done', 'text'].map((level) => [level, (...words) => console.error(...words)]),
);

const folder = mkdtempSync(join(tmpdir(), 'gk-system-'));
const logOf = (name) => join(folder, `${name}.log`);
const running = {};
const deaths = [];
const node = { postgres: null, temporal: null };

const ports = { api: await pickPort(), worker: await pickPort(), postgres: await pickPort() };
const engine = await enginePorts({ ui: false });
const installed = process.env.GK_TEST_TEMPORAL_BIN || (await ensureEngine({ ...quiet, progress: silentProgress }));

/** `GK_STACK_ENGINE_FLAGS` (JSON) go to the server besides those of temporal/: a script in front of the binary adds them. */
function withFlags(flags) {
  const wrapper = join(folder, 'temporal.sh');
  const quoted = flags.map((flag) => `'${flag}'`).join(' ');
  writeFileSync(
    wrapper,
    `#!/bin/sh\n[ "$1" = server ] || exec '${installed}' "$@"\nexec '${installed}' "$@" ${quoted}\n`,
    {
      mode: 0o755,
    },
  );
  return wrapper;
}

const engineFlags = JSON.parse(process.env.GK_STACK_ENGINE_FLAGS ?? '[]');
const binary = engineFlags.length > 0 ? withFlags(engineFlags) : installed;

function silentProgress() {
  return { update: () => {}, end: () => 0 };
}

/** After a kill, processes of the old server may hold its memory for a moment: then the new one refuses to start. */
async function startDatabase() {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const started = await startPostgres({
        dir: join(folder, 'postgres'),
        port: ports.postgres,
        log: logOf('postgres'),
      });
      node.postgres = started;
      return { pid: started.pid, stop: started.stop };
    } catch (error) {
      if (attempt >= 40) throw error;
      await sleep(250);
    }
  }
}

async function startTemporal() {
  const dir = join(folder, 'temporal');
  mkdirSync(dir, { recursive: true });
  const started = await startEngine({ binary, dir, ports: engine, log: logOf('temporal') });
  return { pid: started.pid, stop: started.stop };
}

function serviceEnv(more) {
  const { PATH, HOME, TZ, TMPDIR, GK_TEST_RUN } = process.env;
  return {
    ...{ PATH, HOME, TZ, TMPDIR, GK_TEST_RUN, NODE_ENV: 'production' },
    DATABASE_URL: node.postgres.url,
    TEMPORAL_ADDRESS: `127.0.0.1:${engine.grpc}`,
    GK_DATA_DIR: join(folder, 'data'),
    GK_TOKEN_FILE: join(folder, 'data', 'token'),
    GK_SAMPLES_DIR: join(root, 'node_modules', 'vega-datasets', 'data'),
    GK_FILE_ROOTS: join(folder, 'files'),
    GK_PLUGIN_DIRS: join(root, 'dist', 'benchmarks', 'reference'),
    GK_WORKER_HEALTH_PORT: String(ports.worker),
    PORT: String(ports.api),
    ...more,
  };
}

async function startService(name, env) {
  const log = logOf(name);
  mkdirSync(join(folder, 'files'), { recursive: true });
  const out = openSync(log, 'a');
  const entry = join(root, 'dist', 'apps', name, 'src', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', entry], {
    cwd: folder,
    env: serviceEnv(env),
    detached: true,
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  const record = { pid: child.pid, ended: false, expected: false };
  record.exit = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      record.ended = signal ?? `code ${code}`;
      signalGroup(child.pid, 'SIGKILL');
      if (!record.expected) deaths.push(`${name} ended by itself (${signal ?? `code ${code}`})\n${tail(log)}`);
      resolve();
    });
  });
  record.stop = async () => {
    signalProcess(child.pid, 'SIGTERM');
    await Promise.race([record.exit, sleep(15_000)]);
    signalGroup(child.pid, 'SIGKILL');
    await record.exit;
  };
  return record;
}

const tail = (log) => readFileSync(log, 'utf8').slice(-3_000);

async function ready(name) {
  if (name === 'postgres' || name === 'temporal') return;
  const end = Date.now() + READY_MS;
  while (!(await isReady(`http://127.0.0.1:${ports[name]}`))) {
    if (running[name]?.ended)
      throw new Error(`${name} ended (${running[name].ended}) while starting:\n${tail(logOf(name))}`);
    if (Date.now() > end) throw new Error(`${name} was not ready within ${READY_MS / 1000} s:\n${tail(logOf(name))}`);
    await sleep(50);
  }
}

const operations = {
  async start({ part, env, wait = true }) {
    if (part === 'postgres') running[part] = await startDatabase();
    else if (part === 'temporal') running[part] = await startTemporal();
    else running[part] = await startService(part, env ?? {});
    if (wait) await ready(part);
    return { pid: running[part].pid };
  },
  ready: ({ part }) => ready(part),
  /** SIGKILL to the process alone, as the kernel would do it; what it leaves behind has to cope. */
  async kill({ part }) {
    const victim = running[part];
    victim.expected = true;
    signalProcess(victim.pid, 'SIGKILL');
    if (victim.exit) await victim.exit;
    return { pid: victim.pid };
  },
  async stop({ part }) {
    running[part].expected = true;
    await running[part].stop();
    delete running[part];
  },
  async forgetEngine() {
    const dir = join(folder, 'temporal');
    const files = readdirSync(dir).filter((name) => name.startsWith('temporal.db'));
    for (const name of files) rmSync(join(dir, name));
    return { files };
  },
  async about() {
    return {
      folder,
      api: `http://127.0.0.1:${ports.api}`,
      temporal: `127.0.0.1:${engine.grpc}`,
      databaseUrl: node.postgres?.url ?? null,
      tokenFile: join(folder, 'data', 'token'),
      deaths,
    };
  },
};

async function endAll() {
  for (const name of ['api', 'worker', 'temporal']) {
    if (!running[name]) continue;
    running[name].expected = true;
    signalGroup(running[name].pid, 'SIGKILL');
  }
  await running.postgres?.stop();
  if (process.env.GK_TEST_KEEP) console.error(`kept ${folder}`);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
process.stdout.on('error', () => {}); // the test is gone: its stdin ends too, and that is when all is cleared
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { id, op, ...input } = JSON.parse(line);
  operations[op](input).then(
    (result) => answer({ id, result: result ?? null }),
    (error) => answer({ id, error: error.stack ?? String(error) }),
  );
});
lines.on('close', () => endAll().then(() => process.exit(0)));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => endAll().then(() => process.exit(1)));
