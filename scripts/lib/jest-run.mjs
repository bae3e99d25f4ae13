import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackNode, toolEnv } from './node.mjs';
import { dataDir, root } from './paths.mjs';
import { signalGroup } from './proc.mjs';

export const PROJECTS = ['unit', 'integration', 'system'];

/** Tests on real parts share them and the machine's cores: few at a time, and time to spare. */
const projectArgs = {
  unit: [],
  integration: ['--maxWorkers=2', '--testTimeout=30000'],
  system: ['--runInBand', '--testTimeout=120000'],
};

/**
 * Runs one jest project; its own report goes to stderr as it comes.
 * @returns numbers and names as `runGate` gives them
 */
export async function runJest(project, { folder, env, signal, patterns = [] }) {
  const file = join(folder, `jest-${project}.json`);
  const args = [
    ...[
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    ],
    ...['--selectProjects', project, ...projectArgs[project]],
    ...['--json', `--outputFile=${file}`, '--passWithNoTests', `--cacheDirectory=${join(dataDir, 'jest-cache')}`],
    ...(patterns.length > 0 ? ['--testPathPatterns', ...patterns] : []),
  ];
  const code = await follow(stackNode(), args, {
    env: toolEnv({ ...env, FORCE_COLOR: process.stderr.isTTY ? '1' : '0' }),
    signal,
  });
  if (!existsSync(file)) {
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      skips: [],
      failures: [`${project}: jest ended with code ${code} and wrote no result`],
    };
  }
  return countJest(project, JSON.parse(readFileSync(file, 'utf8')), code);
}

/** A test file that does not even load counts as one failed test. */
export function countJest(project, result, code = 0) {
  const tests = result.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ status, fullName }) => ({ status, label: `${project}: ${shorten(name)}: ${fullName}` })),
  );
  const labels = (...states) => tests.filter(({ status }) => states.includes(status)).map(({ label }) => label);
  const broken = result.testResults
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    )
    .map(({ name }) => `${project}: ${shorten(name)}: the file does not run`);
  const failures = [...labels('failed'), ...broken];
  if (failures.length === 0 && code !== 0) failures.push(`${project}: jest ended with code ${code}`);
  const skips = labels('pending', 'todo', 'skipped', 'disabled');
  return { passed: labels('passed').length, failed: failures.length, skipped: skips.length, skips, failures };
}

const shorten = (path) => (path.startsWith(root) ? path.slice(root.length + 1) : path);

/** Jest leads a group of its own, so that an interruption ends its workers with it. */
function follow(command, args, { env, signal }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
    const kill = () => signalGroup(child.pid, 'SIGKILL');
    const abort = () => signalGroup(child.pid, 'SIGTERM');
    process.once('exit', kill);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      process.off('exit', kill);
      signal?.removeEventListener('abort', abort);
      kill(); // workers that outlived it
      resolve(code ?? `signal ${killedBy}`);
    });
  });
}
