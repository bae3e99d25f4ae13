import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { engineVersion } from './engine-binary.mjs';
import { pickPort } from './ports.mjs';
import { endRecorded, signalProcess, startTime, until } from './proc.mjs';
import { fewShardsConfig, searchAttributes } from './temporal-files.mjs';

const DB = 'temporal.db';
/** The server's heap is small: its collector takes a tenth of its CPU where it may grow to five times of what lives, within a bound. */
const COLLECTOR = { GOGC: '400', GOMEMLIMIT: '512MiB' };

/** Flags of the one-machine server, made from the files in temporal/. */
export function engineArgs({ dir, ports, namespace = 'default' }) {
  return [
    ...[
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--ui-ip',
      '127.0.0.1',
      '--log-level',
      'warn',
      '--log-format',
      'json',
    ],
    ...['--port', ports.grpc, '--http-port', ports.http, '--metrics-port', ports.metrics],
    ...(ports.ui ? ['--ui-port', ports.ui, '--ui-disable-news-fetch'] : ['--headless']),
    ...['--db-filename', join(dir, DB), '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'],
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ...[...fewShardsConfig()].flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
    ...searchAttributes().flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
  ].map(String);
}

/**
 * The database file of another server version is not supported by Temporal: it is moved aside, and unfinished goals
 * start again from PostgreSQL. Returns what was moved where, or null.
 */
export async function prepareEngineDir({ dir, binary }) {
  mkdirSync(dir, { recursive: true });
  const stamp = join(dir, 'server-version');
  const { server } = await engineVersion(binary);
  const files = readdirSync(dir).filter((name) => name.startsWith(DB));
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : 'unknown';
  let moved = null;
  if (files.length > 0 && before !== server) {
    const aside = join(dir, `of-server-${before}-${new Date().toISOString().replace(/\W/g, '')}`);
    mkdirSync(aside);
    for (const name of files) renameSync(join(dir, name), join(aside, name));
    moved = { before, now: server, aside };
  }
  writeFileSync(stamp, `${server}\n`);
  return moved;
}

/** Ports for one server: the usual ones when free (`usual`), else any. */
export async function enginePorts({ usual = false, ui = true } = {}) {
  const grpc = await pickPort(usual ? 7233 : undefined);
  return {
    grpc,
    ui: ui ? await pickPort(usual ? 8233 : undefined) : 0,
    http: await pickPort(),
    metrics: await pickPort(),
  };
}

/** Starts the server as our child; ready when `engineAnswers`. */
export function spawnEngine({ binary, dir, ports, namespace, log }) {
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, 'a');
  const { TEMPORAL_ADDRESS: _address, TEMPORAL_NAMESPACE: _namespace, ...env } = process.env; // the CLI would read them
  const child = spawn(binary, engineArgs({ dir, ports, namespace }), {
    cwd: dir,
    detached: true,
    env: { ...COLLECTOR, ...env, TEMPORAL_CONFIG_FILE: join(dir, 'no-profile.toml') },
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  return child;
}

/** True when the server answers for the namespace, over its HTTP interface. */
export async function engineAnswers({ http }, namespace = 'default') {
  try {
    const url = `http://127.0.0.1:${http}/api/v1/namespaces/${encodeURIComponent(namespace)}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false; // not listening yet
  }
}

/**
 * A Temporal server of one's own for tests and benchmarks.
 * @param {{binary: string, dir: string, ports?: object, namespace?: string, ui?: boolean, log?: string}} options
 * @returns {Promise<{address: string, ports: object, pid: number, kill(): void, stop(): Promise<void>}>}
 */
export async function startEngine({
  binary,
  dir,
  ports,
  namespace = 'default',
  ui = false,
  log = join(dir, 'engine.log'),
}) {
  await prepareEngineDir({ dir, binary });
  const chosen = ports ?? (await enginePorts({ ui }));
  const child = spawnEngine({ binary, dir, ports: chosen, namespace, log });
  const record = { pid: child.pid, started: startTime(child.pid) };
  let ended = false;
  child.once('exit', () => (ended = true));
  await until(() => ended || engineAnswers(chosen, namespace), {
    timeoutMs: 60_000,
    onTimeout: () => new Error(`Temporal did not answer on port ${chosen.grpc} within 60 s, see ${log}`),
  });
  if (ended) throw new Error(`Temporal ended while starting, see ${log}:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
  return {
    address: `127.0.0.1:${chosen.grpc}`,
    ports: chosen,
    pid: child.pid,
    kill: () => void signalProcess(child.pid, 'SIGKILL'),
    stop: () => endRecorded(record, { graceMs: 8_000 }),
  };
}
