import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';
import { FAULT_KINDS, type FaultKind } from './perturb';

/** The task that leaves `k` marks in a row by tools with faults of one kind. */
export const perturbedTask = (kind: FaultKind): string => `perturbed.${kind}`;

const goal = { name: 'goal', type: 'text', required: true };
const count = { name: 'k', type: 'integer', default: 3 };
const step = { name: 'step', type: 'integer', default: 0 };

const perturbedPack = {
  name: 'perturbed',
  version: '1.0.0',
  summary: 'Marks by tools in which something goes wrong.',
  tasks: FAULT_KINDS.map((kind) => ({
    name: perturbedTask(kind),
    summary: `marks, with faults that are ${kind}`,
    params: [goal, count],
    success: [{ name: 'perturbed.marked', summary: 'every mark is there once', args: { goal: '$goal', count: '$k' } }],
  })),
  methods: FAULT_KINDS.map((kind) => ({
    name: 'marks',
    task: perturbedTask(kind),
    summary: 'one mark after the other',
    cost: 1,
    subtasks: [
      {
        id: 'mark',
        task: `${perturbedTask(kind)}-mark`,
        args: { goal: '$goal', step: '$i' },
        repeat: { count: '$k', as: 'i' },
      },
    ],
  })),
  operators: FAULT_KINDS.map((kind) => ({
    name: `${perturbedTask(kind)}-mark`,
    summary: 'leaves one mark',
    params: [goal, step],
    tools: ['a', 'b', 'c'].map((way) => ({
      tool: `perturbed.${kind}-${way}`,
      args: { goal: '$goal', step: '$step' },
    })),
  })),
};

/** Writes the plug-in with the perturbed tools into a folder, compiled against the built tools in `dist/`; returns the folder. */
export function writePerturbedPlugin(dir: string): string {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'perturb.js'), compiled('perturb.ts'));
  writeFileSync(join(dir, 'index.js'), compiled('perturbed-tools.ts'));
  writeFileSync(join(dir, 'perturbed.pack.json'), JSON.stringify(perturbedPack));
  const manifest = { name: 'perturbed-tools', version: '1.0.0', main: './index.js', packs: ['perturbed.pack.json'] };
  writeFileSync(join(dir, 'plugin.json'), JSON.stringify(manifest));
  return dir;
}

function compiled(file: string): string {
  const { code } = transformFileSync(join(__dirname, file), {
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  return code
    .replaceAll('"@goalkeeper/tools"', JSON.stringify(resolve('dist/libs/tools/src/index.js')))
    .replaceAll('"zod"', JSON.stringify(require.resolve('zod')));
}
