import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkCompose } from '../check-compose.mjs';
import { stackNode, toolEnv } from './node.mjs';
import { root } from './paths.mjs';
import { run } from './proc.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Checks that are one command each; a gate counts as one test. */
const commands = {
  format: ['prettier', '--check', '.'],
  types: ['tsc', '-p', 'tsconfig.json', '--noEmit'],
  lint: ['eslint', '.'],
  layers: ['depcruise', 'apps', 'libs', '--config', '.dependency-cruiser.cjs'],
};

export const GATES = [...Object.keys(commands), 'compose', 'scripts'];

const ok = { passed: 1, failed: 0, skipped: 0, output: '', skips: [], failures: [] };

/**
 * Runs one gate.
 * @returns {Promise<{passed: number, failed: number, skipped: number, output: string, skips: string[], failures: string[]}>}
 */
export async function runGate(name, { env, signal, reporter }) {
  if (name === 'compose') return composeGate({ signal, reporter });
  if (name === 'scripts') return scriptTests({ env, signal });
  const [tool, ...args] = commands[name];
  const lines = [];
  try {
    await run(bin(tool), args, { cwd: root, env: toolEnv(env), signal, onLine: (line) => lines.push(line) });
    return ok;
  } catch (error) {
    if (error.interrupted) throw error;
    const output = lines.length > 0 ? lines.join('\n') : error.message;
    return { ...ok, passed: 0, failed: 1, output, failures: [`${name}: ${tool} ${args.join(' ')}`] };
  }
}

async function composeGate(context) {
  const { state, detail } = await checkCompose(context);
  if (state === 'passed') return ok;
  if (state === 'skipped') return { ...ok, passed: 0, skipped: 1, skips: [`compose: ${detail}`] };
  return { ...ok, passed: 0, failed: 1, output: detail, failures: ['compose: docker-compose.yml'] };
}

/** Tests of the launcher itself, by Node's own runner: files *.test.mjs in scripts/. */
async function scriptTests({ env, signal }) {
  const files = ['scripts', join('scripts', 'lib')]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
    .filter((file) => file.endsWith('.test.mjs'));
  const lines = [];
  const args = ['--test', '--test-reporter=tap', ...files];
  const outcome = await run(stackNode(), args, { cwd: root, env, signal, onLine: (line) => lines.push(line) }).then(
    () => null,
    (error) => error,
  );
  if (outcome?.interrupted) throw outcome;
  const counted = countTap(lines);
  if (outcome && counted.failed === 0) counted.failed = 1; // the runner itself failed
  return { ...counted, output: counted.failed > 0 ? failuresOf(lines).join('\n') : '' };
}

/** The parts of a TAP report that tell of failed tests; all of it when there is none. */
function failuresOf(lines) {
  let inFailure = false;
  const told = lines.filter((line) => {
    if (/^\s*(not ok|ok|# Subtest)/.test(line)) inFailure = /^\s*not ok/.test(line);
    return inFailure;
  });
  return told.length > 0 ? told : lines;
}

/** Numbers of a TAP report by Node: its closing comments, and the names of what failed or was skipped. */
export function countTap(lines) {
  const number = (word) =>
    Number(lines.map((line) => new RegExp(`^# ${word} (\\d+)$`).exec(line)?.[1]).find(Boolean) ?? 0);
  const named = (pattern) => lines.flatMap((line) => pattern.exec(line.trim())?.[1] ?? []);
  return {
    passed: number('pass'),
    failed: number('fail') + number('cancelled'),
    skipped: number('skipped') + number('todo'),
    failures: named(/^not ok \d+ - (.+)$/).map((name) => `scripts: ${name}`),
    skips: named(/^ok \d+ - (.+# SKIP.*)$/).map((name) => `scripts: ${name}`),
  };
}
