import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { engineAnswers, enginePorts, prepareEngineDir, spawnEngine } from './engine.mjs';
import { ensureEngine, existingEngine } from './engine-binary.mjs';
import { SetupError } from './errors.mjs';
import { stackNode } from './node.mjs';
import { dataDir, root } from './paths.mjs';
import { isListening, pickPort } from './ports.mjs';
import { run } from './proc.mjs';
import { postgresAnswers, postgresUrl, preparePostgres, spawnPostgres, stopPostgres } from './postgres.mjs';
import { redisAnswers, redisOnPath, spawnRedis } from './redis.mjs';
import { endLeftovers, isReady, readState, thisProcess, writeState, clearState } from './state.mjs';
import { createSupervisor } from './supervisor.mjs';

const LOG_BYTES = 20_000_000;

/** The log file of a part; one that has grown large is kept as `.1` and begun anew at a start. */
function logOf(name) {
  const path = join(dataDir, 'logs', `${name}.log`);
  if (existsSync(path) && statSync(path).size > LOG_BYTES) renameSync(path, `${path}.1`);
  return path;
}

/**
 * Starts every part that the environment does not name: PostgreSQL, Redis, Temporal, API, worker.
 * @returns {Promise<{addresses: object, supervisor: object, stop(): Promise<void>, force(): void}>}
 */
export async function startStack({ reporter, signal, fileRoots: callerRoots }) {
  const given = (process.env.GK_FILE_ROOTS ?? '').split(delimiter).filter(Boolean);
  const fileRoots = [...new Set([...callerRoots, ...given])];
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const leftovers = await endLeftovers(readState());
  if (leftovers.length > 0)
    reporter.warn('clean-up', `ended what an earlier run had left behind: ${leftovers.join(', ')}`);
  const state = { launcher: thisProcess(), children: [], ready: false, addresses: {}, fileRoots };
  const save = (change) => writeState(Object.assign(state, change));
  save({});
  const supervisor = createSupervisor({ reporter, onChange: (children) => save({ children }) });
  const stop = async () => {
    await supervisor.stop();
    clearState();
  };
  process.on('exit', supervisor.force);
  try {
    const databaseUrl = await addPostgres(supervisor, { reporter, signal });
    const redisUrl = await addRedis(supervisor, reporter);
    const temporal = await addEngine(supervisor, { reporter, signal });
    const env = await serviceEnv({ databaseUrl, redisUrl, temporal, fileRoots });
    const addresses = {
      api: `http://127.0.0.1:${env.PORT}`,
      docs: `http://127.0.0.1:${env.PORT}/docs`,
      temporal: temporal.address,
      temporalUi: temporal.ui ?? null,
      tokenFile: env.GK_TOKEN_FILE,
    };
    save({ addresses });
    await addServices(supervisor, env, addresses);
    save({ ready: true });
    reporter.done('stack', `API and worker are ready at ${addresses.api}`, { addresses });
    return { addresses, supervisor, stop, force: supervisor.force };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addPostgres(supervisor, { reporter, signal }) {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const dir = join(dataDir, 'postgres');
  mkdirSync(dir, { recursive: true });
  if (await preparePostgres({ dir, signal })) reporter.done('postgres', 'made the database in .goalkeeper/postgres');
  const port = await pickPort(5432);
  const log = logOf('postgres');
  await supervisor.add({
    name: 'postgres',
    log,
    start: () => spawnPostgres({ dir, port, log }),
    ready: () => postgresAnswers(port),
    end: (record) => stopPostgres(record),
  });
  reporter.done('postgres', `PostgreSQL 18 on port ${port}`);
  return postgresUrl(dir, port);
}

async function addRedis(supervisor, reporter) {
  if (process.env.REDIS_URL) return process.env.REDIS_URL;
  const server = redisOnPath();
  if (!server) {
    reporter.warn(
      'redis',
      'no REDIS_URL and no redis-server on PATH: live updates poll the database; nothing of a goal is lost without Redis',
    );
    return '';
  }
  const port = await pickPort(6379);
  const log = logOf('redis');
  await supervisor.add({
    name: 'redis',
    log,
    start: () => spawnRedis({ server, dir: join(dataDir, 'redis'), port, log }),
    ready: () => redisAnswers(port),
  });
  reporter.done('redis', `Redis on port ${port}`);
  return `redis://127.0.0.1:${port}`;
}

async function addEngine(supervisor, { reporter, signal }) {
  const namespace = process.env.TEMPORAL_NAMESPACE || 'default';
  if (process.env.TEMPORAL_ADDRESS) return { ...(await foreignEngine(reporter, namespace, signal)), namespace };
  const binary = await ensureEngine(reporter, { signal });
  const dir = join(dataDir, 'temporal');
  const moved = await prepareEngineDir({ dir, binary });
  if (moved) {
    reporter.warn(
      'engine',
      `the file of Temporal server ${moved.before} was moved to ${moved.aside}: server ${moved.now} cannot read it. Unfinished goals go on from PostgreSQL.`,
    );
  }
  const ports = await enginePorts({ usual: true });
  const log = logOf('temporal');
  await supervisor.add({
    name: 'temporal',
    log,
    start: () => spawnEngine({ binary, dir, ports, namespace, log }),
    ready: () => engineAnswers(ports, namespace),
  });
  reporter.done('engine', `Temporal on port ${ports.grpc}`);
  return { address: `127.0.0.1:${ports.grpc}`, ui: `http://127.0.0.1:${ports.ui}`, namespace };
}

/** A server given by address is used as it is; our search attributes are added when a `temporal` command is at hand. */
async function foreignEngine(reporter, namespace, signal) {
  const address = process.env.TEMPORAL_ADDRESS;
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  if (!port || !(await isListening(Number(port), host, 3_000))) {
    throw new SetupError(`TEMPORAL_ADDRESS is ${address}, but nothing answers there.`, {
      hint: 'Start that server, correct the address (host:port), or unset TEMPORAL_ADDRESS to have one started.',
    });
  }
  const command = `TEMPORAL_ADDRESS=${address} TEMPORAL_NAMESPACE=${namespace} temporal/register-namespace.sh`;
  const binary = await existingEngine(reporter);
  if (!binary) {
    reporter.warn(
      'engine',
      `no temporal command to register our search attributes; if that was never done, run: ${command}`,
    );
  } else {
    const env = { ...process.env, TEMPORAL_NAMESPACE: namespace, TEMPORAL_COMMAND: binary };
    await run('sh', [join(root, 'temporal', 'register-namespace.sh')], { env, signal, timeoutMs: 120_000 }).catch(
      (error) => {
        if (error.interrupted) throw error;
        reporter.warn(
          'engine',
          `our search attributes could not be registered (${error.lines?.at(-1) ?? error.message}); run: ${command}`,
        );
      },
    );
  }
  reporter.done('engine', `using the Temporal server at ${address}`);
  return { address, ui: process.env.GK_TEMPORAL_UI_URL };
}

/** The environment of API and worker; `.env.example` describes every name. */
async function serviceEnv({ databaseUrl, redisUrl, temporal, fileRoots }) {
  const { REDIS_URL: _redis, ...inherited } = process.env;
  return {
    ...inherited,
    NODE_ENV: process.env.NODE_ENV || 'production',
    DATABASE_URL: databaseUrl,
    ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...(temporal.ui ? { GK_TEMPORAL_UI_URL: temporal.ui } : {}),
    PORT: String(await pickPort(Number(process.env.PORT) || 3000)),
    GK_HOST: '127.0.0.1',
    GK_WORKER_HEALTH_PORT: String(await pickPort()),
    GK_DATA_DIR: dataDir,
    GK_FILE_ROOTS: fileRoots.join(delimiter),
    GK_TOKEN_FILE: join(dataDir, 'token'),
    GK_SAMPLES_DIR: join(root, 'node_modules', 'vega-datasets', 'data'),
  };
}

async function addServices(supervisor, env, addresses) {
  const health = { api: addresses.api, worker: `http://127.0.0.1:${env.GK_WORKER_HEALTH_PORT}` };
  for (const name of ['api', 'worker']) {
    const entry = join(root, 'dist', 'apps', name, 'src', 'main.js');
    if (!existsSync(entry)) throw new SetupError(`${entry} is missing.`, { hint: 'npm run build -- --force' });
    const log = logOf(name);
    await supervisor.add({
      name,
      log,
      graceMs: 15_000,
      start: () => spawnService(entry, env, log),
      ready: () => isReady(health[name]),
    });
  }
}

function spawnService(entry, env, log) {
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  const out = openSync(log, 'a');
  const child = spawn(stackNode(), ['--enable-source-maps', entry], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  return child;
}
