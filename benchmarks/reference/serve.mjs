#!/usr/bin/env node
/**
 * Starts the whole system for one benchmark run, in the foreground: a Temporal server on the given PostgreSQL, API and worker
 * with the reference plug-in. The benchmark sets the environment:
 *
 *   APP_PG_URL         database of goals and tool calls        ENGINE_PG_HOST, _PORT, _USER   database server of the engine
 *   BENCH_WORKER_PORT  port of the API                         TEMPORAL_SERVER_CMD            command that starts the engine
 *   TEMPORAL_BIN       folder with the `temporal` command      TEMPORAL_ADDRESS               or: a running engine
 *   BENCH_TOKEN        bearer token that is to be accepted     GK_*                           settings that are measured
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { env } = process;
const work = mkdtempSync(join(tmpdir(), 'gk-bench-'));
const children = [];
const READY_MS = 60_000;

function start(name, command, args, extra) {
  const log = openSync(join(work, `${name}.log`), 'a');
  const child = spawn(command, args, { stdio: ['ignore', log, log], env: { ...env, ...extra } });
  child.on('exit', (code, signal) =>
    stop(`${name} ended (${signal ?? code})\n${readFileSync(join(work, `${name}.log`), 'utf8').slice(-2000)}`),
  );
  children.push(child);
}

/** The first reason counts; everything that was started ends with us. */
let isStopping = false;
function stop(reason) {
  if (isStopping) return;
  isStopping = true;
  if (reason) console.error(reason);
  for (const child of children) child.kill('SIGTERM');
  setTimeout(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(work, { recursive: true, force: true });
    process.exit(reason ? 1 : 0);
  }, 3_000);
}
process.on('SIGTERM', () => stop(''));
process.on('SIGINT', () => stop(''));

async function until(what, check) {
  for (const end = Date.now() + READY_MS; Date.now() < end; await sleep(200)) if (await check()) return;
  throw new Error(`${what} was not ready in ${READY_MS / 1000} s`);
}

/** Nine ports in a row below 32768: the server's membership stores them in 16 bits. */
async function lowPorts() {
  const isFree = (port) =>
    new Promise((done) => {
      const probe = net.createServer().on('error', () => done(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
    });
  for (;;) {
    const base = 21_000 + 20 * Math.floor(Math.random() * 500);
    const free = await Promise.all(Array.from({ length: 9 }, (_, index) => isFree(base + index)));
    if (free.every(Boolean)) return base;
  }
}

const temporal = (address, ...args) =>
  spawnSync(join(env.TEMPORAL_BIN, 'temporal'), [...args, '--address', address], { encoding: 'utf8', timeout: 15_000 });

async function startEngine() {
  let address = env.TEMPORAL_ADDRESS;
  if (!address) {
    const port = await lowPorts();
    address = `127.0.0.1:${port}`;
    const collector = { GOGC: '400', GOMEMLIMIT: '512MiB' }; // as our own set-up starts it
    start('engine', 'sh', ['-c', `exec ${env.TEMPORAL_SERVER_CMD}`], { ...collector, TEMPORAL_PORT: String(port) });
  }
  await until(
    'the namespace',
    () => temporal(address, 'operator', 'namespace', 'describe', '-n', 'default').status === 0,
  );
  const lines = readFileSync(join(root, 'temporal/search-attributes.txt'), 'utf8').split('\n');
  const attributes = lines.map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
  const names = attributes.flatMap((line) => {
    const [name, type] = line.split(/[\s=:]+/);
    return ['--name', name, '--type', type];
  });
  await until('the search attributes', () => {
    const made = temporal(address, 'operator', 'search-attribute', 'create', ...names);
    return made.status === 0 || /already exists/i.test(made.stderr);
  });
  return address;
}

/** Opens the benchmark's tables to the application role and makes its token known. */
async function prepareDatabase() {
  const client = new pg.Client({ connectionString: env.APP_PG_URL });
  await client.connect();
  await until('the migrations', async () => {
    const { rows } = await client.query(
      "SELECT to_regclass('api_token') AS found, to_regrole('goalkeeper_app') AS role",
    );
    return rows[0].found !== null && rows[0].role !== null;
  });
  await client.query(`
    GRANT SELECT, INSERT, UPDATE ON tool_calls, goals, learnings TO goalkeeper_app;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO goalkeeper_app`);
  if (env.BENCH_TOKEN) {
    const tenant = '00000000-0000-7000-8000-000000000001';
    await client.query("INSERT INTO tenant (tenant_id, name) VALUES ($1, 'default') ON CONFLICT DO NOTHING", [tenant]);
    const hash = createHash('sha256').update(env.BENCH_TOKEN).digest();
    await client.query(
      `INSERT INTO api_token (id, tenant_id, name, hash) VALUES (gen_random_uuid(), $1, 'benchmark', $2) ON CONFLICT DO NOTHING`,
      [tenant, hash],
    );
  }
  await client.end();
}

try {
  const address = await startEngine();
  const common = {
    DATABASE_URL: env.APP_PG_URL,
    REFERENCE_DATABASE_URL: env.APP_PG_URL,
    TEMPORAL_ADDRESS: address,
    GK_DATA_DIR: work,
    GK_LOG_LEVEL: env.GK_LOG_LEVEL ?? 'warn',
    NODE_ENV: 'production',
  };
  const node = process.execPath;
  start('worker', node, [join(root, 'dist/apps/worker/src/main.js')], {
    ...common,
    GK_PLUGIN_DIRS: join(root, 'dist/benchmarks/reference'),
  });
  start('api', node, [join(root, 'dist/apps/api/src/main.js')], {
    ...common,
    PORT: env.BENCH_WORKER_PORT,
    GK_TOKEN_FILE: join(work, 'token'),
  });
  await prepareDatabase();
  console.log(`benchmark system up, API on port ${env.BENCH_WORKER_PORT}`);
} catch (error) {
  stop(error.stack);
}
