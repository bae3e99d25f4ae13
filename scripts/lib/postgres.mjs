import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { SetupError } from './errors.mjs';
import { asPostgres, assertReachable, identityOfCluster, nativeFolder, postgresIdentity } from './postgres-native.mjs';
import { dataDir } from './paths.mjs';
import { pickPort } from './ports.mjs';
import { isSameProcess, run, signalProcess, sleep, startTime, until } from './proc.mjs';

const MAJOR = '18';
const USER = 'postgres';

/** Durable as PostgreSQL ships: fsync, full_page_writes and synchronous_commit stay on. */
const settings = (port) => ({
  listen_addresses: '127.0.0.1',
  port,
  unix_socket_directories: '',
  max_connections: 200,
  cluster_name: 'goalkeeper',
  timezone: 'UTC',
  log_timezone: 'UTC',
});

const cluster = (dir) => join(dir, 'data');
const passwordFile = (dir) => join(dir, 'password');

/** The superuser's URL of a cluster made by `preparePostgres`. */
export function postgresUrl(dir, port, database = 'goalkeeper') {
  const password = readFileSync(passwordFile(dir), 'utf8').trim();
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Makes the cluster in `dir` when there is none: UTF-8, scram with a generated password (file of mode 600), with an
 * empty database `goalkeeper`. It appears complete or not at all. Returns true when it made one.
 */
export async function preparePostgres({ dir, signal }) {
  const data = cluster(dir);
  if (existsSync(join(data, 'PG_VERSION'))) {
    const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
    if (version === MAJOR) return false;
    throw new SetupError(`The database in ${data} was made by PostgreSQL ${version}; this is PostgreSQL ${MAJOR}.`, {
      hint: 'Dump it with the old version and load it into the new one, or begin anew with npm start -- --reset (deletes the data).',
    });
  }
  const native = nativeFolder();
  const identity = postgresIdentity();
  const draft = join(dir, 'data.new');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  if (!existsSync(passwordFile(dir))) {
    writeFileSync(passwordFile(dir), `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  }
  if (identity.kind === 'account') {
    for (let path = dir; path.startsWith(dataDir); path = dirname(path)) chmodSync(path, 0o711); // passed through, not listed
    for (const path of [draft, passwordFile(dir)]) chownSync(path, identity.uid, identity.gid);
  }
  assertReachable(identity, [dir, draft, join(native, 'bin')]);
  const pg = (program, args, more) => {
    const how = asPostgres(identity, join(native, 'bin', program), args);
    return run(how.command, how.args, { ...how.options, signal, env: serverEnv(), cwd: draft, ...more });
  };
  await pg('initdb', [
    ...['-D', draft, '-U', USER, '--pwfile', passwordFile(dir), '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
  ]);
  await pg('postgres', ['--single', '-j', '-D', draft, 'postgres'], { input: 'CREATE DATABASE goalkeeper;\n\n' });
  renameSync(draft, data);
  return true;
}

/** The server needs nothing of our environment; PG* variables of the caller would change what it does. */
function serverEnv() {
  const { PATH, HOME, TZ, GK_TEST_RUN } = process.env;
  return { PATH, HOME, TZ, GK_TEST_RUN, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
}

/** Starts the server of `dir` as our child; its log is appended to `log`. Ready when `postgresAnswers`. */
export function spawnPostgres({ dir, port, log }) {
  const how = asPostgres(identityOfCluster(cluster(dir)), join(nativeFolder(), 'bin', 'postgres'), [
    ...['-D', cluster(dir)],
    ...Object.entries(settings(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  mkdirSync(dirname(log), { recursive: true });
  const out = openSync(log, 'a');
  const child = spawn(how.command, how.args, {
    ...how.options,
    cwd: cluster(dir),
    detached: true,
    env: serverEnv(),
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  return child;
}

/** The answer to a start-up packet: true when the server takes connections, false while it starts, stops or is away. */
export function postgresAnswers(port, host = '127.0.0.1', timeoutMs = 2_000) {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('connect', () => {
      const body = Buffer.from(`user\0${USER}\0database\0postgres\0\0`);
      const head = Buffer.alloc(8);
      head.writeInt32BE(body.length + 8, 0);
      head.writeInt32BE(196_608, 4); // protocol 3.0
      socket.write(Buffer.concat([head, body]));
    });
    socket.once('data', (answer) => end(answer[0] === 0x52)); // R: asks for authentication; E: not ready
  });
}

/** A server left behind by a killed launcher holds the data folder: it is stopped before a new one starts. */
export async function stopOrphan(dir) {
  const file = join(cluster(dir), 'postmaster.pid');
  if (!existsSync(file)) return false;
  const [pidLine, folder] = readFileSync(file, 'utf8').split('\n');
  const record = { pid: Number(pidLine), started: startTime(Number(pidLine)) };
  if (folder !== cluster(dir) || record.started === null || !isPostgres(record.pid)) return false;
  await stopPostgres(record);
  return true;
}

function isPostgres(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return process.platform !== 'linux'; // elsewhere the folder in postmaster.pid has to do
  }
}

/** Fast shutdown (open transactions roll back), then an immediate one, which recovers at the next start. */
export async function stopPostgres(record, { graceMs = 10_000 } = {}) {
  for (const [signal, waitMs] of [
    ['SIGINT', graceMs],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 2_000],
  ]) {
    if (!isSameProcess(record)) return;
    signalProcess(record.pid, signal);
    const end = Date.now() + waitMs;
    while (isSameProcess(record) && Date.now() < end) await sleep(20);
  }
}

/**
 * A PostgreSQL of one's own for tests and benchmarks: prepares, starts, waits.
 * @param {{dir: string, port?: number, log?: string}} options dir takes the data and the password
 * @returns {Promise<{url: string, port: number, pid: number, kill(): void, stop(): Promise<void>}>}
 */
export async function startPostgres({ dir, port, log = join(dir, 'postgres.log'), signal }) {
  mkdirSync(dir, { recursive: true });
  await preparePostgres({ dir, signal });
  await stopOrphan(dir);
  const chosen = port ?? (await pickPort());
  const child = spawnPostgres({ dir, port: chosen, log });
  const record = { pid: child.pid, started: startTime(child.pid) };
  let ended = false;
  child.once('exit', () => (ended = true));
  await until(() => ended || postgresAnswers(chosen), {
    timeoutMs: 60_000,
    everyMs: 40,
    onTimeout: () => new Error(`PostgreSQL did not answer on port ${chosen} within 60 s, see ${log}`),
  });
  if (ended)
    throw new Error(`PostgreSQL ended while starting, see ${log}:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
  return {
    url: postgresUrl(dir, chosen),
    port: chosen,
    pid: child.pid,
    kill: () => void signalProcess(child.pid, 'SIGKILL'),
    stop: () => stopPostgres(record),
  };
}
