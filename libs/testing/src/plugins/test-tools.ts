import { setTimeout as sleep } from 'node:timers/promises';
import { defineTool, ToolFailure, type ToolPlugin, type Verifier } from '@goalkeeper/tools';
import { z } from 'zod';

/** Tools that are slow, fail, or must not be repeated, for tests of the whole system. `TEST_FAR_SIDE_URL` counts their effects. */
const farSide = process.env.TEST_FAR_SIDE_URL ?? '';

const Note = z.object({ goal: z.string(), step: z.int(), ms: z.int().min(0) });
const Noted = z.object({ step: z.int() });
const slow = { version: '1.0.0', boundMs: 60_000, timeoutMs: 60_000, costUsd: 0 };

async function note({ goal, step }: { goal: string; step: number }, key: string, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  const response = await fetch(farSide, { method: 'POST', headers, body: JSON.stringify({ goal, step }), signal });
  await response.body?.cancel();
  if (!response.ok) throw new ToolFailure('test.refused', `The far side answered ${response.status}`);
}

/** Waits first, then has its effect: what is stopped while it waits leaves nothing. */
const noteTool = defineTool({
  ...slow,
  name: 'test.note',
  summary: 'Waits, then leaves one mark at the far side, which receives the key.',
  input: Note,
  output: Noted,
  effect: 'idempotent',
  async run({ goal, step, ms }, { idempotencyKey, signal }) {
    await sleep(ms, undefined, { signal });
    await note({ goal, step }, idempotencyKey, signal);
    return { output: { step }, summary: `noted ${step}` };
  },
});

/** Has its effect first, then waits: what is stopped while it waits has happened without anybody knowing. */
const onceTool = defineTool({
  ...slow,
  name: 'test.once',
  summary: 'Leaves one mark at the far side, which does not know keys, then waits.',
  input: Note,
  output: Noted,
  effect: 'once',
  async run({ goal, step, ms }, { idempotencyKey, signal }) {
    await note({ goal, step }, idempotencyKey, signal);
    await sleep(ms, undefined, { signal });
    return { output: { step }, summary: `done ${step}` };
  },
});

const calls = new Map<string, number>();

const flakyTool = defineTool({
  ...slow,
  name: 'test.flaky',
  summary: 'Fails as if the world were busy, as often as it is told, then works.',
  input: z.object({ goal: z.string(), failures: z.int() }),
  output: z.object({ calls: z.int() }),
  effect: 'pure',
  async run({ goal, failures }) {
    const count = (calls.get(goal) ?? 0) + 1;
    calls.set(goal, count);
    if (count <= failures) throw new ToolFailure('test.busy', `Busy the ${count}. time`, { transient: true });
    return { output: { calls: count }, summary: `worked at the ${count}. call` };
  },
});

const brokenTool = defineTool({
  ...slow,
  name: 'test.broken',
  summary: 'Never works.',
  input: z.object({ goal: z.string() }),
  output: z.object({}),
  effect: 'pure',
  async run({ goal }) {
    throw new ToolFailure('test.broken', `${goal} cannot be done this way`);
  },
});

const losses = new Map<string, number>();

const useTool = defineTool({
  ...slow,
  name: 'test.use',
  summary: 'Works in a session that it finds closed as often as it is told, although it was opened.',
  input: z.object({ goal: z.string(), losses: z.int() }),
  output: z.object({ used: z.boolean() }),
  effect: 'pure',
  async run({ goal, losses: most }) {
    const count = (losses.get(goal) ?? 0) + 1;
    losses.set(goal, count);
    const denies = [{ predicate: 'open', args: [goal] }];
    if (count <= most) throw new ToolFailure('test.closed', `The session of ${goal} is closed`, { denies });
    return { output: { used: true }, summary: 'used' };
  },
});

/** Asks the far side itself. */
const noted: Verifier = {
  name: 'test.noted',
  async verify({ args }) {
    const { goal, count } = z.object({ goal: z.string(), count: z.int() }).parse(args);
    const response = await fetch(`${farSide}?goal=${encodeURIComponent(goal)}`);
    const steps = (await response.json()) as number[];
    return [{ check: `${count} marks of ${goal}`, holds: steps.length === count, seen: `${steps.length} marks` }];
  },
};

/** Says that it is short, and takes longer than anybody waits for what is short. */
const notedLate: Verifier = {
  name: 'test.noted-late',
  boundMs: 50,
  async verify(predicate, context) {
    await sleep(17_000, undefined, { signal: context.signal });
    return noted.verify(predicate, context);
  },
};

export const plugin: ToolPlugin = {
  name: 'test-tools',
  version: '1.0.0',
  tools: [noteTool, onceTool, flakyTool, brokenTool, useTool],
  verifiers: [noted, notedLate],
};
