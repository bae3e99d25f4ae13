#!/usr/bin/env node
/**
 * Checks docker-compose.yml with a real parser: `docker compose config` where there is one, else compose-go, built with
 * Go into the cache. Without both it is skipped, saying why. Exit code 1 when the file is wrong.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findGo, goEnv } from './lib/engine-build.mjs';
import { withLock } from './lib/lock.mjs';
import { main } from './lib/main.mjs';
import { cacheDir, root } from './lib/paths.mjs';
import { run, which } from './lib/proc.mjs';

const file = join(root, 'docker-compose.yml');
const source = join(root, 'deploy', 'compose-check');
/** A value for the variables that the file insists on. */
const env = { ...process.env, POSTGRES_PASSWORD: process.env.POSTGRES_PASSWORD || 'checked' };

/** @returns {Promise<{state: 'passed'|'failed'|'skipped', detail: string}>} */
export async function checkCompose({ reporter, signal } = {}) {
  if (await hasDockerCompose()) return check('docker', ['compose', '-f', file, 'config', '--quiet'], signal);
  const { path: go, problem } = await findGo();
  if (!go) return { state: 'skipped', detail: `needs docker with its compose plugin, or Go (${problem})` };
  let checker;
  try {
    checker = await ensureChecker({ go, reporter, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    return { state: 'skipped', detail: `compose-go could not be built: ${error.message.split('\n').at(-1)}` };
  }
  return check(checker, [file], signal);
}

const hasDockerCompose = async () =>
  which('docker') !== null &&
  run('docker', ['compose', 'version'], { timeoutMs: 20_000 }).then(
    () => true,
    () => false,
  );

function check(command, args, signal) {
  return run(command, args, { cwd: root, env, signal, timeoutMs: 60_000 }).then(
    ({ stdout }) => ({ state: 'passed', detail: stdout.trim() }),
    (error) => {
      if (error.interrupted) throw error;
      return { state: 'failed', detail: error.lines?.join('\n') || error.message };
    },
  );
}

/** The built checker, keyed by its source; Go's caches are deleted once it is there. */
async function ensureChecker({ go, reporter, signal }) {
  const hash = createHash('sha256');
  for (const name of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(source, name)));
  const target = join(cacheDir(), `compose-check-${hash.digest('hex').slice(0, 12)}`);
  return withLock(
    join(cacheDir(), 'compose-check.lock'),
    async () => {
      if (existsSync(target)) return target;
      reporter?.info(
        'compose',
        'building the checker of docker-compose.yml with Go, once for this user (half a minute)',
      );
      const folder = join(cacheDir(), 'compose-check-build');
      for (const name of ['config', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
      const draft = join(folder, 'compose-check');
      await run(go, ['build', '-trimpath', '-o', draft, '.'], {
        cwd: source,
        env: goEnv(folder),
        signal,
        timeoutMs: 300_000,
      });
      renameSync(draft, target);
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      return target;
    },
    { signal },
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async ({ reporter, signal }) => {
    const { state, detail } = await checkCompose({ reporter, signal });
    reporter[{ passed: 'done', failed: 'error', skipped: 'warn' }[state]]('compose', `${state}: ${detail}`);
    return state === 'failed' ? 1 : 0;
  });
}
