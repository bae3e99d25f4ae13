import { mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheDir, root } from './paths.mjs';
import { run, which } from './proc.mjs';
import { formatSeconds } from './reporter.mjs';
import { pinnedEngineVersion } from './temporal-files.mjs';

const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';

/** Go on PATH when it is new enough to fetch the toolchain that the module asks for. */
export async function findGo() {
  const path = which('go');
  if (!path) return { path: null, problem: 'no Go on PATH' };
  try {
    const { stdout } = await run(path, ['version'], {
      timeoutMs: 20_000,
      env: { ...process.env, GOTOOLCHAIN: 'local' },
    });
    const [, major, minor] = /go(\d+)\.(\d+)/.exec(stdout) ?? [];
    if (Number(major) > 1 || Number(minor) >= 21) return { path, problem: '' };
    return { path: null, problem: `${path} is Go ${major}.${minor}, 1.21 or newer is needed` };
  } catch (error) {
    return { path: null, problem: error.message.split('\n')[0] };
  }
}

/** Caches of its own below `folder`, nothing written elsewhere, the user's proxy settings kept. */
export function goEnv(folder, env = process.env) {
  const userConfig = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return {
    ...env,
    GOENV: env.GOENV || join(userConfig, 'go', 'env'),
    XDG_CONFIG_HOME: join(folder, 'config'), // Go keeps usage counters there
    GOPATH: join(folder, 'path'),
    GOMODCACHE: join(folder, 'mod'),
    GOCACHE: join(folder, 'build'),
    GOTMPDIR: join(folder, 'tmp'),
    GOTOOLCHAIN: 'auto',
    GOFLAGS: '-modcacherw', // so that the cache can be deleted
    GOWORK: 'off',
    CGO_ENABLED: '0',
  };
}

/**
 * Builds the Temporal CLI with its server and Web UI from the module in temporal/. The caches stay until it succeeded,
 * so that an interrupted build goes on where it was.
 */
export async function buildEngine({ reporter, signal, go, out }) {
  const version = pinnedEngineVersion();
  const folder = join(cacheDir(), `engine-build-${version}`);
  for (const name of ['config', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  const env = goEnv(folder);
  const cwd = join(root, 'temporal');
  reporter.info(
    'engine',
    `building the Temporal server ${version} with Go, once for this user (about 4 minutes on 2 cores)`,
  );
  const progress = reporter.progress('engine');
  try {
    await download({ go, env, cwd, signal, progress });
    const total = (await run(go, ['list', '-deps', PACKAGE], { cwd, env, signal })).stdout.trim().split('\n').length;
    let compiled = 0;
    const onLine = (line) => {
      if (!/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) return;
      compiled += 1;
      progress.update(`compiling: ${compiled} of at most ${total} packages, now ${line.slice(0, 50)}`);
    };
    progress.update(`compiling ${total} packages`);
    const ldflags = `-s -w -X github.com/temporalio/cli/internal/temporalcli.Version=${version}`;
    await run(go, ['build', '-v', '-trimpath', '-ldflags', ldflags, '-o', out, PACKAGE], { cwd, env, signal, onLine });
  } finally {
    reporter.info('engine', `Go ran for ${formatSeconds(progress.end())}`);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  reporter.done('engine', `Temporal ${version} is built and kept in ${cacheDir()}`);
}

async function download({ go, env, cwd, signal, progress }) {
  let fetched = 0;
  progress.update('downloading modules');
  const onLine = (line) => {
    if (!/^# get .*\.zip: 200/.test(line)) return;
    fetched += 1;
    progress.update(`downloading modules: ${fetched} fetched`);
  };
  await run(go, ['mod', 'download', '-x'], { cwd, env, signal, onLine });
}
