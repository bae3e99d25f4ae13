import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createApiClient } from './api-client.mjs';
import { killWorkerMidway, reportKill } from './chaos.mjs';
import { SetupError } from './errors.mjs';
import { stackNode } from './node.mjs';
import { dataDir, root } from './paths.mjs';
import { readState } from './state.mjs';

/**
 * Runs the goal through our own command line, which shows it live.
 * @returns {Promise<{exitCode: number, goalId: string|null, reports: string[]}>}
 */
export async function pursueGoal({ options, stack, reporter, signal, callerFolder }) {
  const client = createApiClient(stack.addresses);
  const known = new Set((await client.goals(1)).map(({ id }) => id));
  const cli = startCli({ options, stack, callerFolder, signal });
  const chaos = options.chaos
    ? await killWorkerMidway({ client, known, ended: cli.ended, workerPid, reporter })
    : async () => undefined;
  let exitCode = await cli.exit;
  if (signal.aborted) return { exitCode: 130, goalId: null, reports: [] };
  if (options.chaos && !reportKill(reporter, await chaos()) && exitCode === 0) exitCode = 1;
  const goalId = (await client.goals(1)).find(({ id }) => !known.has(id))?.id ?? null;
  const reports = goalId ? await saveReports(client, goalId) : [];
  return { exitCode, goalId, reports };
}

const workerPid = () => readState()?.children.find(({ name }) => name === 'worker')?.pid;

function startCli({ options, stack, callerFolder, signal }) {
  const entry = join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  if (!existsSync(entry)) throw new SetupError(`${entry} is missing.`, { hint: 'npm run build -- --force' });
  const args = [entry, 'run', options.words, '--watch', ...(options.json ? ['--json'] : [])];
  const env = { ...process.env, GK_API_URL: stack.addresses.api, GK_TOKEN_FILE: stack.addresses.tokenFile };
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

/** Puts the goal's reports where a person can open them; returns their paths, the HTML report first. */
async function saveReports(client, goalId) {
  const artifacts = await client.artifacts(goalId);
  const wanted = artifacts.filter(({ name }) => /\.(html|md)$/.test(name));
  const folder = join(dataDir, 'reports', goalId);
  if (wanted.length > 0) mkdirSync(folder, { recursive: true });
  const paths = [];
  for (const { name, links } of wanted) {
    const path = join(folder, basename(name));
    writeFileSync(path, Buffer.from(await (await client.get(links.content)).arrayBuffer()));
    paths.push(path);
  }
  return paths.sort((a, b) => Number(b.endsWith('.html')) - Number(a.endsWith('.html')));
}
