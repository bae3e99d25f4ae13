import { appendFileSync } from 'node:fs';
import { defineTool, type ToolDefinition, ToolFailure, type ToolPlugin, type Verifier } from '@goalkeeper/tools';
import { z } from 'zod';
import { type FaultKind, perturb } from './perturb';

/**
 * Three ways to leave a mark at the far side (`TEST_FAR_SIDE_URL`), for each kind of fault, each way perturbed on its own by
 * `TEST_FAULT_SEED` and `TEST_FAULT_RATE`; every injected fault is noted in the file `TEST_FAULT_LOG`.
 */
const farSide = process.env.TEST_FAR_SIDE_URL ?? '';
const seed = Number(process.env.TEST_FAULT_SEED ?? 1);
const rate = Number(process.env.TEST_FAULT_RATE ?? 0.25);
const log = process.env.TEST_FAULT_LOG ?? '';

async function marksOf(goal: string): Promise<readonly number[]> {
  const response = await fetch(`${farSide}?goal=${encodeURIComponent(goal)}`);
  return (await response.json()) as number[];
}

function aWay(name: string, kind: FaultKind): ToolDefinition {
  const tool = defineTool({
    ...{ name, version: '1.0.0', boundMs: 1_000, timeoutMs: 10_000, costUsd: 0, effect: 'idempotent' },
    summary: 'Leaves one mark at the far side, which receives the key.',
    input: z.object({ goal: z.string(), step: z.int() }),
    output: z.object({ step: z.int() }),
    async postcondition({ goal, step }) {
      const seen = await marksOf(goal);
      return [{ check: `mark ${step} is at the far side`, holds: seen.includes(step), seen: `${seen.length} marks` }];
    },
    async run({ goal, step }, { idempotencyKey, signal }) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
      const body = JSON.stringify({ goal, step });
      const response = await fetch(farSide, { method: 'POST', headers, body, signal });
      await response.body?.cancel();
      if (!response.ok) throw new ToolFailure('test.refused', `The far side answered ${response.status}`);
      return { output: { step }, summary: `left mark ${step}` };
    },
  });
  const told = (fault: object): void => appendFileSync(log, `${JSON.stringify(fault)}\n`);
  return perturb(tool, { kind, seed, rate, told, nameOf: (args) => JSON.stringify(args) });
}

const KINDS: readonly FaultKind[] = [
  'explicit-transient',
  'explicit-permanent',
  'silent-transient',
  'silent-permanent',
];

/** Asks the far side itself. */
const marked: Verifier = {
  name: 'perturbed.marked',
  async verify({ args }) {
    const { goal, count } = z.object({ goal: z.string(), count: z.int() }).parse(args);
    const seen = await marksOf(goal);
    const holds = seen.length === count && new Set(seen).size === count;
    return [{ check: `${count} marks of ${goal}, each once`, holds, seen: `${seen.length} marks` }];
  },
};

export const plugin: ToolPlugin = {
  name: 'perturbed-tools',
  version: '1.0.0',
  tools: KINDS.flatMap((kind) => ['a', 'b', 'c'].map((way) => aWay(`perturbed.${kind}-${way}`, kind))),
  verifiers: [marked],
};
