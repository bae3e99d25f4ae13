import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './errors.mjs';
import { npmCommand } from './node.mjs';
import { root } from './paths.mjs';
import { run } from './proc.mjs';

const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const stamp = join(modules, '.goalkeeper-stamp');

const lockHash = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex');

/** npm writes its hidden lock file last, so its absence means that an install was cut short. */
export function packagesAreCurrent() {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return true;
  return statSync(hidden).mtimeMs >= statSync(lockFile).mtimeMs;
}

/** Installs exactly what package-lock.json says, when that is not there yet. */
export async function ensurePackages(reporter, { signal } = {}) {
  if (packagesAreCurrent()) {
    if (!existsSync(stamp)) writeFileSync(stamp, lockHash());
    return;
  }
  const { npm, env } = npmCommand();
  const total = countLocked();
  const progress = reporter.progress('packages');
  reporter.info('packages', `installing about ${total} packages with npm ci (about 1 GB on disk, a minute or two)`);
  const timer = setInterval(() => progress.update(describe(countInstalled(), total)), 1_000);
  try {
    await run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, env, signal });
  } catch (error) {
    if (error.interrupted) throw error;
    throw new SetupError(`npm ci failed.\n${reasonOf(error)}`, {
      hint: 'Check the network or the registry set in your npm configuration, then run the same command again.',
    });
  } finally {
    clearInterval(timer);
    progress.end();
  }
  writeFileSync(stamp, lockHash());
  reporter.done('packages', `${countInstalled()} packages in place`);
}

const describe = (count, total) =>
  count === 0 ? 'npm is fetching packages' : `${count} of about ${total} packages unpacked`;

/** What npm said, without the usage text that follows. */
function reasonOf(error) {
  const lines = error.lines ?? [error.message];
  const usage = lines.findIndex((line) => /^npm error (Clean install|Usage)/.test(line));
  return lines.slice(0, usage < 0 ? 20 : usage).join('\n');
}

/** Top-level packages of the lock that fit this platform. */
function countLocked() {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  const fits = ({ os, cpu }) => (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch));
  return Object.entries(packages).filter(([path, entry]) => path.lastIndexOf('node_modules/') === 0 && fits(entry))
    .length;
}

/** npm makes every folder at once and fills them one by one: those with a package.json are unpacked. */
function countInstalled() {
  if (!existsSync(modules)) return 0;
  const inside = (name) => readdirSync(join(modules, name)).map((below) => join(name, below));
  const names = readdirSync(modules).filter((name) => !name.startsWith('.'));
  const paths = names.flatMap((name) => (name.startsWith('@') ? inside(name) : [name]));
  return paths.filter((path) => existsSync(join(modules, path, 'package.json'))).length;
}
