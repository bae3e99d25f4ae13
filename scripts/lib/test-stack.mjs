import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureEngine } from './engine-binary.mjs';
import { startEngine } from './engine.mjs';
import { cacheDir, dataDir, root } from './paths.mjs';
import { isSameProcess } from './proc.mjs';
import { startPostgres } from './postgres.mjs';
import { ensureTestRedis, startRedis } from './redis.mjs';
import { thisProcess } from './state.mjs';
import { sweep } from './sweep.mjs';

const marksOf = (folder) => ({ folder, mark: `GK_TEST_RUN=${folder}` });

/**
 * Where the run's temporary files go: outside the checkout, since programs under test look for `.goalkeeper/` in the
 * folders above them.
 */
function temporaryFolder(folder) {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return join(cacheDir(), `test-${hash}`);
}

/**
 * A folder of its own for one test run; every process of the run carries its path as GK_TEST_RUN. Folders of runs
 * that were killed are cleared first, with what they left running.
 */
export async function createTestFolder(reporter) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(dataDir).filter((entry) => /^test-/.test(entry))) {
    const folder = join(dataDir, name);
    if (isSameProcess(ownerOf(folder))) continue;
    reporter.info('clean-up', `clearing ${name}, left by a test run that was killed`);
    await removeTestFolder(folder);
  }
  const folder = join(dataDir, `test-${process.pid}-${randomBytes(3).toString('hex')}`);
  for (const path of [folder, temporaryFolder(folder)]) mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(thisProcess()));
  return folder;
}

function ownerOf(folder) {
  const file = join(folder, 'owner.json');
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  } catch {
    return null; // cut short while it was written: its run is gone
  }
}

/** Ends what still runs for that test run, then deletes its folder. Returns how many processes were left. */
export async function removeTestFolder(folder) {
  const left = await sweep(marksOf(folder));
  for (const path of [temporaryFolder(folder), folder]) {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  return left;
}

/** Environment of everything a test run starts: temporary files stay in its folder. */
export function testEnv(folder, env = process.env) {
  return { ...env, GK_TEST_RUN: folder, GK_TEST_DIR: folder, TMPDIR: temporaryFolder(folder) };
}

/**
 * PostgreSQL, Temporal and (where it can be had) Redis for tests alone.
 * @returns {Promise<{env: object, skips: string[], stop(): Promise<void>}>} env names them for the tests
 */
export async function startTestStack({ folder, reporter, signal }) {
  process.env.GK_TEST_RUN = folder; // the parts inherit the mark
  const binary = await ensureEngine(reporter, { signal });
  const postgres = await startPostgres({ dir: join(folder, 'postgres'), signal });
  const engine = await startEngine({ binary, dir: join(folder, 'temporal') });
  const { server, reason } = await ensureTestRedis({ reporter, signal });
  const redis = server && (await startRedis({ server, dir: join(folder, 'redis') }));
  reporter.done(
    'stack',
    `for tests: PostgreSQL ${postgres.port}, Temporal ${engine.ports.grpc}, Redis ${redis ? redis.port : 'none'}`,
  );
  const env = {
    GK_TEST_DATABASE_URL: postgres.url,
    GK_TEST_TEMPORAL_ADDRESS: engine.address,
    GK_TEST_TEMPORAL_BIN: binary,
    GK_TEST_REDIS_URL: redis ? redis.url : '',
    GK_TEST_REDIS_SERVER: server ? JSON.stringify(server) : '',
    GK_TEST_ROOT: root,
  };
  return {
    env,
    skips: server ? [] : [`Redis: ${reason}`],
    async stop() {
      for (const part of [redis, engine, postgres]) await part?.stop();
    },
  };
}
