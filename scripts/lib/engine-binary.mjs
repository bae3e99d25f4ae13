import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildEngine, findGo } from './engine-build.mjs';
import { downloadEngine } from './engine-download.mjs';
import { SetupError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { cacheDir } from './paths.mjs';
import { run, which } from './proc.mjs';
import { pinnedEngineVersion } from './temporal-files.mjs';

const FLOOR = { cli: [1, 7], server: [1, 31] };

/** Versions in the output of `temporal --version`; a build without a version stamp says 0.0.0-DEV. */
export function parseEngineVersion(text) {
  const match = /temporal version (\S+) \(Server (\d+\.\d+\.\d+\S*?)[,)]/.exec(text);
  return match ? { cli: match[1], server: match[2] } : null;
}

const reaches = (version, [major, minor]) => {
  const [a, b] = version.split('.').map(Number);
  return a > major || (a === major && b >= minor);
};

/** New enough: CLI 1.7, or a build of one's own with server 1.31. */
export function isUsableEngine(version) {
  if (version === null) return false;
  return version.cli.includes('DEV') ? reaches(version.server, FLOOR.server) : reaches(version.cli, FLOOR.cli);
}

const versions = new Map();

/** Runs `<binary> --version` (once a process); null when that is not a Temporal CLI. */
export async function engineVersion(binary) {
  if (!versions.has(binary)) {
    const answer = run(binary, ['--version'], { timeoutMs: 20_000 }).then(
      ({ stdout }) => parseEngineVersion(stdout),
      () => null, // not executable here: the caller says so
    );
    versions.set(binary, answer);
  }
  return versions.get(binary);
}

/** Where the pinned version is kept, for all checkouts of one user. */
export function cachedEngine() {
  return join(cacheDir(), `temporal-${pinnedEngineVersion()}-${process.platform}-${process.arch}`);
}

/** A usable Temporal CLI that is already on this machine, or null. */
export async function existingEngine(reporter) {
  const named = process.env.TEMPORAL_CLI_PATH;
  if (named) {
    const version = await engineVersion(named);
    if (isUsableEngine(version)) return named;
    const found = version ? `is version ${version.cli} (server ${version.server})` : 'is no Temporal CLI';
    throw new SetupError(`TEMPORAL_CLI_PATH: ${named} ${found}; 1.7 or newer is needed.`, {
      hint: 'Correct or unset TEMPORAL_CLI_PATH.',
    });
  }
  const onPath = which('temporal');
  if (onPath) {
    const version = await engineVersion(onPath);
    if (isUsableEngine(version)) return onPath;
    reporter.warn(
      'engine',
      `${onPath} is ${version ? `version ${version.cli}, older than 1.7` : 'no Temporal CLI'}: not used`,
    );
  }
  const cached = cachedEngine();
  return existsSync(cached) && isUsableEngine(await engineVersion(cached)) ? cached : null;
}

/**
 * The path of a Temporal CLI that can serve: TEMPORAL_CLI_PATH, `temporal` on PATH, the cached one, one built with Go,
 * one downloaded from the vendor. Concurrent calls build once.
 */
export async function ensureEngine(reporter, { signal } = {}) {
  const found = await existingEngine(reporter);
  if (found) return found;
  mkdirSync(cacheDir(), { recursive: true });
  const onWait = (holder, seconds) => {
    if (seconds % 10 === 0)
      reporter.info('engine', `waiting for process ${holder?.pid}, which is making the Temporal server (${seconds} s)`);
  };
  return withLock(join(cacheDir(), 'engine.lock'), () => makeEngine(reporter, signal), { signal, onWait });
}

async function makeEngine(reporter, signal) {
  const target = cachedEngine();
  if (existsSync(target) && isUsableEngine(await engineVersionAfresh(target))) return target;
  const draft = `${target}.${process.pid}.new`;
  const problems = [];
  const go = await findGo();
  try {
    for (const [way, make] of [
      ['build with Go', go.path && buildEngine],
      ['download', downloadEngine],
    ]) {
      if (!make) {
        problems.push(`${way}: ${go.problem}`);
        continue;
      }
      try {
        await make({ reporter, signal, go: go.path, out: draft });
        return await install(draft, target);
      } catch (error) {
        if (signal?.aborted) throw error;
        problems.push(`${way}: ${error.message}`);
        reporter.warn('engine', `${way} failed: ${error.message.split('\n')[0]}`);
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new SetupError(`No Temporal server could be had.\n  ${problems.join('\n  ')}`, {
    hint: 'One of: set TEMPORAL_ADDRESS to a running server; put the Temporal CLI (1.7 or newer) on PATH or name it in TEMPORAL_CLI_PATH; install Go 1.21 or newer; allow access to temporal.download.',
  });
}

async function install(draft, target) {
  chmodSync(draft, 0o755);
  if (!isUsableEngine(await engineVersionAfresh(draft))) throw new Error('the new binary does not run here');
  renameSync(draft, target);
  versions.clear();
  return target;
}

function engineVersionAfresh(binary) {
  versions.delete(binary);
  return engineVersion(binary);
}
