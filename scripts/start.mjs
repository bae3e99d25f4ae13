#!/usr/bin/env node
/** `npm start`: set-up, stack, goal, serve. See scripts/lib/start-options.mjs for its options. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBuild } from './lib/build-tree.mjs';
import { pursueGoal } from './lib/demo.mjs';
import { SetupError } from './lib/errors.mjs';
import { withLock } from './lib/lock.mjs';
import { main } from './lib/main.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { dataDir, root } from './lib/paths.mjs';
import { endRecorded, isSameProcess, sleep } from './lib/proc.mjs';
import { startStack } from './lib/stack.mjs';
import { endLeftovers, isReady, readState } from './lib/state.mjs';
import { HELP, parseStartOptions } from './lib/start-options.mjs';

const callerFolder = resolve(process.env.INIT_CWD ?? process.cwd());

/** The stack of this checkout when its launcher lives and its API answers; waits a little for a restart under way. */
async function runningStack() {
  const state = readState();
  if (!state || !isSameProcess(state.launcher) || !state.ready) return null;
  for (let attempt = 0; attempt < 40; attempt += 1) {
    if (await isReady(state.addresses.api))
      return { addresses: state.addresses, launcher: state.launcher, fileRoots: state.fileRoots ?? [] };
    await sleep(500);
  }
  throw new SetupError(
    `The stack of process ${state.launcher.pid} is running, but its API at ${state.addresses.api} does not answer.`,
    {
      hint: 'See .goalkeeper/logs/api.log; stop that process, or begin anew with npm start -- --reset.',
    },
  );
}

async function reset(reporter) {
  const state = readState();
  if (state && isSameProcess(state.launcher)) await endRecorded(state.launcher, { graceMs: 40_000 });
  await endLeftovers(state);
  if (existsSync(dataDir)) {
    const kept = (name) => name.endsWith('.lock') || name.startsWith('test-'); // held by this or another process
    for (const name of readdirSync(dataDir))
      if (!kept(name)) rmSync(join(dataDir, name), { recursive: true, force: true });
  }
  reporter.done('reset', 'deleted the data of this checkout (.goalkeeper)');
  if (process.env.DATABASE_URL) reporter.warn('reset', 'the database of DATABASE_URL is left as it is');
}

async function setUp({ options, reporter, signal }) {
  if (options.reset) await reset(reporter);
  const running = await runningStack();
  if (running) {
    reporter.done(
      'stack',
      `attached to the running stack of process ${running.launcher.pid} at ${running.addresses.api}`,
    );
    return running;
  }
  await ensurePackages(reporter, { signal });
  await ensureBuild(reporter, { signal });
  const samples = join(root, 'node_modules', 'vega-datasets', 'data');
  return startStack({ reporter, signal, fileRoots: [...new Set([callerFolder, root, samples])] });
}

function showAddresses(reporter, { addresses }, { outcome, once }) {
  reporter.record({ type: 'ready', addresses, goalId: outcome?.goalId ?? null });
  if (reporter.json || once) return; // with --once they end in a moment, and the command line has named them
  const lines = [
    ['API', addresses.api],
    ['Reference', addresses.docs],
    ['Temporal', addresses.temporalUi ?? `${addresses.temporal} (its Web UI is where its operator put it)`],
    ['Token', addresses.tokenFile],
  ];
  process.stdout.write(`\n${lines.map(([name, value]) => `  ${name.padEnd(10)} ${value}`).join('\n')}\n\n`);
}

const interrupted = (signal) =>
  new Promise((end) => (signal.aborted ? end() : signal.addEventListener('abort', end, { once: true })));

async function start(options, { reporter, signal }) {
  const onWait = (holder, seconds) =>
    seconds % 10 === 0 &&
    reporter.info('start', `waiting for process ${holder?.pid}, which is setting this checkout up (${seconds} s)`);
  const stack = await withLock(join(dataDir, 'launcher.lock'), () => setUp({ options, reporter, signal }), {
    onWait,
    signal,
  });
  try {
    const outcome = options.stackOnly ? null : await pursueGoal({ options, stack, reporter, signal, callerFolder });
    if (signal.aborted) return outcome ? 130 : 0;
    showAddresses(reporter, stack, { outcome, once: options.once });
    if (options.once) return outcome.exitCode;
    if (stack.launcher) {
      reporter.info('stack', `the stack goes on in process ${stack.launcher.pid}`);
      return outcome?.exitCode ?? 0;
    }
    reporter.info('serving', 'until Ctrl-C');
    await interrupted(signal);
    return 0;
  } finally {
    if (stack.stop) {
      if (signal.aborted)
        reporter.info('stopping', 'the parts, the last started first (Ctrl-C again ends them at once)');
      await stack.stop();
      reporter.done('stopped', 'everything that was started has ended');
    }
  }
}

const json = process.argv.includes('--json');
await main(
  async (context) => {
    const options = parseStartOptions(process.argv.slice(2));
    if (options.help) return void process.stdout.write(HELP);
    return start(options, context);
  },
  { json },
);
