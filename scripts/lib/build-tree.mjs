import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { SetupError } from './errors.mjs';
import { withLock } from './lock.mjs';
import { stackNode, toolEnv } from './node.mjs';
import { dataDir, root } from './paths.mjs';
import { run } from './proc.mjs';

const dist = join(root, 'dist');
const stamp = join(dist, '.build-stamp');
const rooms = ['apps', 'libs', 'benchmarks'];
const configuration = ['package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.all.json'];

function* filesBelow(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

const isTestCode = (file) => /\.(spec|itest)\.ts$/.test(file) || file.startsWith(join('libs', 'testing'));

/** All inputs of the build, relative to the checkout, sorted. */
export function sources() {
  const found = rooms.flatMap((room) => [...filesBelow(join(root, room))].map((path) => relative(root, path)));
  return [...found.filter((file) => !isTestCode(file)), ...configuration].sort();
}

export function hashSources() {
  const hash = createHash('sha256');
  for (const file of sources())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** Compiles the checkout into dist/ (same tree); does nothing when no source changed since the last build. */
export async function ensureBuild(reporter, { force = false, signal } = {}) {
  await withLock(join(dataDir, 'build.lock'), () => build(reporter, { force, signal }), {
    signal,
    onWait: (holder, seconds) =>
      seconds % 10 === 9 && reporter.info('build', `waiting for the build of process ${holder?.pid}`),
  });
}

async function build(reporter, { force, signal }) {
  const hash = hashSources();
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  rmSync(stamp, { force: true });
  const progress = reporter.progress('build');
  const node = stackNode();
  const step = async (what, args) => {
    progress.update(what);
    try {
      await run(node, args, { cwd: root, env: toolEnv(), signal });
    } catch (error) {
      if (error.interrupted) throw error;
      const output = stripVTControlCharacters((error.lines ?? [error.message]).join('\n'));
      throw new SetupError(`The build failed (${what}).\n${output}`, {
        hint: 'Correct the source, then run the same command again.',
      });
    }
  };
  let seconds;
  try {
    const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    await step('compiling TypeScript', [nest, 'build', 'api', '-p', 'tsconfig.all.json']);
    copyAssets();
    prune();
    const bundler = join(dist, 'apps', 'worker', 'src', 'build-bundle.js');
    if (existsSync(bundler)) await step('bundling workflow code', [bundler]);
  } finally {
    seconds = progress.end();
  }
  writeFileSync(stamp, hash);
  reporter.done('build', `dist/ is up to date (${seconds} s)`);
}

/** What is not TypeScript (domain packs, templates) goes along. */
function copyAssets() {
  for (const file of sources()) {
    if (/\.(ts|tsx)$/.test(file) || !file.includes('/')) continue;
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    cpSync(join(root, file), join(dist, file));
  }
}

/** Removes the output of deleted sources: a migration that is gone must not run again. */
function prune() {
  const wanted = new Set(sources());
  for (const room of rooms) {
    for (const path of filesBelow(join(dist, room))) {
      const file = relative(dist, path);
      const source = file.replace(/\.(js|js\.map|d\.ts)$/, '.ts');
      const isGenerated = file.includes('bundle');
      if (!isGenerated && !wanted.has(source) && !wanted.has(file)) rmSync(path);
    }
  }
}
