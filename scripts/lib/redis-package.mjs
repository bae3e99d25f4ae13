import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { cacheDir } from './paths.mjs';
import { run, which } from './proc.mjs';

/** Libraries of redis-server that a small Debian may lack; the C library and the like are always there. */
const ALWAYS_THERE =
  /^(libc6|libgcc-s1|libstdc\+\+6|gcc-\d+-base|lsb-base|adduser|sysvinit-utils|init-system-helpers|procps)$/;

/**
 * Debian's redis-server downloaded and unpacked into the cache, with lists of its own: nothing is installed and no
 * root is needed. Elsewhere, or without a network, there is none and `reason` says why.
 */
export async function packagedRedis({ reporter, signal } = {}) {
  for (const tool of ['apt-get', 'apt-cache', 'dpkg-deb']) {
    if (!which(tool))
      return { server: null, reason: `no redis-server on PATH, and no ${tool} to get Debian's package` };
  }
  const home = join(cacheDir(), `redis-${process.arch}`);
  try {
    return await withLock(
      join(cacheDir(), 'redis.lock'),
      async () => {
        const cached = serverIn(home);
        if (cached && (await runs(cached))) return { server: cached, reason: '' };
        reporter?.info('redis', "fetching Debian's redis-server into the cache, for tests");
        await fetchInto(home, signal);
        const server = serverIn(home);
        if (server && (await runs(server))) return { server, reason: '' };
        return { server: null, reason: "Debian's redis-server was unpacked but does not run here" };
      },
      { signal },
    );
  } catch (error) {
    if (signal?.aborted) throw error;
    return {
      server: null,
      reason: `no redis-server on PATH; Debian's package could not be fetched: ${error.message.split('\n').slice(-1)[0]}`,
    };
  }
}

function serverIn(home) {
  const tree = join(home, 'tree');
  const command = ['redis-server', 'redis-check-rdb']
    .map((name) => join(tree, 'usr', 'bin', name))
    .find((path) => existsSync(path));
  if (!command) return null;
  const base = join(tree, 'usr', 'lib');
  const folders = readdirSync(base, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name.includes('linux-gnu'),
  );
  return { command, env: { LD_LIBRARY_PATH: folders.map((entry) => join(base, entry.name)).join(':') } };
}

async function runs({ command, env }) {
  try {
    const { stdout } = await run(command, ['--version'], { env: { ...process.env, ...env }, timeoutMs: 10_000 });
    return /Redis server/.test(stdout);
  } catch {
    return false; // a library is missing: it is fetched anew
  }
}

/** Private package lists: a fresh machine has none, and an ordinary user may not write the system's. */
async function fetchInto(home, signal) {
  const work = join(home, 'work');
  rmSync(work, { recursive: true, force: true });
  for (const folder of ['lists/partial', 'cache/archives/partial', 'debs', 'tree'])
    mkdirSync(join(work, folder), { recursive: true });
  const options = [
    `Dir::State::Lists=${join(work, 'lists')}`,
    `Dir::Cache=${join(work, 'cache')}`,
    'APT::Sandbox::User=',
    'Acquire::Retries=2',
    'Acquire::http::Timeout=20',
    'Acquire::Languages=none',
  ].flatMap((option) => ['-o', option]);
  const apt = (tool, args) =>
    run(tool, [...options, ...args], {
      cwd: join(work, 'debs'),
      signal,
      timeoutMs: 180_000,
      env: { ...process.env, LC_ALL: 'C' },
    });
  await apt('apt-get', ['update', '-q']);
  const { stdout } = await apt('apt-cache', [
    'depends',
    '--recurse',
    '--no-recommends',
    '--no-suggests',
    '--no-conflicts',
    '--no-breaks',
    '--no-replaces',
    '--no-enhances',
    'redis-server',
  ]);
  const names = stdout
    .split('\n')
    .filter((line) => /^[a-z0-9]/.test(line))
    .map((line) => line.trim());
  const libraries = [...new Set(names)].filter(
    (name) => /^lib/.test(name) && !ALWAYS_THERE.test(name) && !isPresent(name),
  );
  await apt('apt-get', ['download', '-q', 'redis-server', 'redis-tools', ...libraries]);
  for (const file of readdirSync(join(work, 'debs'))) {
    await run('dpkg-deb', ['-x', join(work, 'debs', file), join(work, 'tree')], { signal });
  }
  rmSync(join(home, 'tree'), { recursive: true, force: true });
  renameSync(join(work, 'tree'), join(home, 'tree'));
  rmSync(work, { recursive: true, force: true });
}

/** Already installed on this machine, by dpkg's own list. */
function isPresent(name) {
  const status = '/var/lib/dpkg/status';
  if (!existsSync(status)) return false;
  return new RegExp(`^Package: ${name.replace(/[+.]/g, '\\$&')}\nStatus: install ok installed`, 'm').test(
    readFileSync(status, 'utf8'),
  );
}
