import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createApiClient } from './api-client.mjs';
import { killWorkerMidway, reportKill } from './chaos.mjs';
import { SetupError } from './errors.mjs';
import { stackNode } from './node.mjs';
import { dataDir, root } from './paths.mjs';
import { readState } from './state.mjs';

/**
 * Runs the goal through our own command line, which shows it live.
 * @returns {Promise<{exitCode: number, goalId: string|null}>} exit codes as the command line gives them (0 verified)
 */
export async function pursueGoal({ options, stack, reporter, signal, callerFolder }) {
  const client = createApiClient(stack.addresses);
  const known = new Set((await client.goals(1)).map(({ id }) => id));
  const words = wordsFor(stack, { words: options.words, callerFolder, reporter });
  reporter.hold();
  const cli = startCli({ options: { ...options, words }, stack, callerFolder, signal });
  let verdict;
  let exitCode;
  try {
    if (options.chaos) verdict = await killWorkerMidway({ client, known, ended: cli.ended, workerPid, reporter });
    exitCode = await cli.exit;
  } finally {
    reporter.release();
  }
  if (signal.aborted) return { exitCode: 130, goalId: null };
  if (options.chaos && !reportKill(reporter, await verdict()) && exitCode === 0) exitCode = 1;
  const goalId = (await client.goals(1)).find(({ id }) => !known.has(id))?.id ?? null;
  return { exitCode, goalId };
}

const workerPid = () => readState()?.children.find(({ name }) => name === 'worker')?.pid;

const isBelow = (folder, parent) => `${folder}/`.startsWith(`${parent}/`);

/**
 * A stack that was started from another folder reads relative paths from there: they become full paths. Files below
 * none of its folders it does not read at all.
 */
function wordsFor({ launcher, fileRoots }, { words, callerFolder, reporter }) {
  if (!launcher || fileRoots[0] === callerFolder) return words;
  return words.replace(/(^|\s)(\.{1,2}\/\S+)/g, (whole, space, path) => {
    const full = resolve(callerFolder, path);
    if (!existsSync(full)) return whole;
    if (!fileRoots.some((folder) => isBelow(full, folder))) {
      reporter.warn(
        'files',
        `the running stack does not read ${full}: stop it and run npm start here, or hand the file in with npm run --silent goalkeeper -- run --file ${full} …`,
      );
    }
    return `${space}${full}`;
  });
}

function startCli({ options, stack, callerFolder, signal }) {
  const entry = join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  if (!existsSync(entry)) throw new SetupError(`${entry} is missing.`, { hint: 'npm run build -- --force' });
  const reports = isBelow(callerFolder, root) ? [] : ['--out', join(dataDir, 'reports', `${Date.now()}`)];
  const args = [entry, 'run', '--watch', ...reports, ...(options.json ? ['--json'] : []), '--', options.words];
  const { GK_TOKEN: _other, ...inherited } = process.env; // the stack's own token is meant
  const env = { ...inherited, GK_API_URL: stack.addresses.api, GK_TOKEN_FILE: stack.addresses.tokenFile };
  const child = spawn(stackNode(), args, { cwd: callerFolder, env, stdio: ['ignore', 'inherit', 'inherit'] });
  let over = false;
  const abort = () => child.kill('SIGTERM');
  signal.addEventListener('abort', abort, { once: true });
  const exit = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      over = true;
      signal.removeEventListener('abort', abort);
      resolve(code ?? 130);
    });
  });
  return { exit, ended: () => over };
}
