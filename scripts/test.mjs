#!/usr/bin/env node
/**
 * `npm test`: set-up, then every gate and test on the real parts. Arguments choose: names of groups
 * (format, types, lint, layers, compose, scripts, unit, integration, system) or parts of paths of test files.
 * The last line is `N passed, N failed, N skipped`.
 */
import { ensureBuild } from './lib/build-tree.mjs';
import { SetupError } from './lib/errors.mjs';
import { GATES, runGate } from './lib/gates.mjs';
import { PROJECTS, runJest } from './lib/jest-run.mjs';
import { withLock } from './lib/lock.mjs';
import { main } from './lib/main.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { dataDir } from './lib/paths.mjs';
import { chooseTests } from './lib/test-options.mjs';
import { createTestFolder, removeTestFolder, startTestStack, testEnv } from './lib/test-stack.mjs';

const seconds = (since) => `${Math.round((Date.now() - since) / 100) / 10} s`;

/** Adds up results and keeps the names of what failed or was skipped. */
function createTally(reporter) {
  const sum = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  return {
    sum,
    add(name, result, started) {
      for (const key of ['passed', 'failed', 'skipped']) sum[key] += result[key];
      sum.failures.push(...result.failures);
      sum.skips.push(...result.skips);
      if (result.output) reporter.text(result.output);
      const line = `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped (${seconds(started)})`;
      reporter[result.failed > 0 ? 'error' : 'done'](name, line);
    },
  };
}

/** Two gates at a time: each is one process. */
async function runGates(names, context, tally) {
  const queue = [...names];
  const running = new Set();
  const progress = context.reporter.progress('gates');
  const lane = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      running.add(name);
      progress.update(`running: ${[...running].join(', ')}`);
      const started = Date.now();
      tally.add(name, await runGate(name, context), started);
      running.delete(name);
      progress.update(`running: ${[...running].join(', ')}`);
    }
  };
  try {
    await Promise.all([lane(), lane()]);
  } finally {
    progress.end();
  }
}

/** The unit tests need nothing; the others get the built programs and a stack of their own, which ends with them. */
async function runProjects(names, { folder, reporter, signal, patterns }, tally) {
  const runOne = async (name, extra) => {
    signal.throwIfAborted();
    const started = Date.now();
    tally.add(name, await runJest(name, { folder, env: { ...testEnv(folder), ...extra }, signal, patterns }), started);
  };
  for (const name of names.filter(isUnit)) await runOne(name);
  const others = names.filter((name) => !isUnit(name));
  if (others.length === 0) return [];
  await ensureBuild(reporter, { signal });
  const stack = await startTestStack({ folder, reporter, signal });
  try {
    for (const name of others) await runOne(name, stack.env);
    return stack.skips;
  } finally {
    await stack.stop();
  }
}

const isUnit = (name) => name === 'unit';

function summary(reporter, { failures, skips }, missing) {
  if (skips.length > 0 || missing.length > 0) reporter.text('\nSkipped:');
  for (const name of [...missing, ...skips]) reporter.text(`  ${name}`);
  if (failures.length > 0) reporter.text('\nFailed:');
  for (const name of failures) reporter.text(`  ${name}`);
}

await main(async ({ reporter, signal }) => {
  const { gates, projects, patterns } = chooseTests(process.argv.slice(2), { gates: GATES, projects: PROJECTS });
  const onWait = (holder, waited) => {
    if (waited % 10 === 0)
      reporter.info('start', `waiting for process ${holder?.pid}, which is setting this checkout up`);
  };
  await withLock(`${dataDir}/launcher.lock`, () => ensurePackages(reporter, { signal }), { signal, onWait });
  const folder = await createTestFolder(reporter);
  const tally = createTally(reporter);
  let missing = [];
  let left = 0;
  try {
    await runGates(gates, { env: testEnv(folder), signal, reporter }, tally);
    missing = await runProjects(projects, { folder, reporter, signal, patterns }, tally);
    signal.throwIfAborted();
  } catch (error) {
    if (signal.aborted || !(error instanceof SetupError)) throw error;
    reporter.error('set-up', `${error.message}\n  What to do: ${error.hint}`);
    tally.sum.failed += 1;
    tally.sum.failures.push(`set-up: ${error.message.split('\n')[0]}`);
  } finally {
    left = await removeTestFolder(folder);
  }
  if (left > 0) reporter.warn('clean-up', `ended ${left} processes that tests had left running`);
  const { sum } = tally;
  summary(reporter, sum, missing);
  process.stdout.write(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`);
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
});
