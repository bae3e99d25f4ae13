import { defineTool, ToolFailure, type ToolPlugin, type Verifier } from '@goalkeeper/tools';
import { z } from 'zod';
import { farSideFrom } from './far-side';
import { kibibyteOf } from './text';

/**
 * The reference goal of the benchmark as a plug-in: K echo calls whose effect is one row each at the far side, then one
 * row that says the goal is done. `pack/reference.pack.json` holds its tasks.
 */
const farSide = farSideFrom(process.env);

const Input = z.object({ goal: z.string().min(1), step: z.int().min(0) });
const Output = z.object({ step: z.int(), echo: z.string() });
const summaryOf = (step: number): string => `step ${step} echoed`;

const echoIdempotent = defineTool({
  name: 'reference.echo-idempotent',
  version: '1.0.0',
  summary: 'Leaves one row at the far side, which receives the key of the effect.',
  input: Input,
  output: Output,
  effect: 'idempotent',
  boundMs: 100,
  timeoutMs: 30_000,
  costUsd: 0,
  async run({ goal, step }, { idempotencyKey, signal }) {
    await farSide.accept({ goal, step }, idempotencyKey, signal);
    return { output: { step, echo: kibibyteOf(`echo ${goal} ${step}`) }, summary: summaryOf(step) };
  },
});

const echoTransactional = defineTool({
  name: 'reference.echo-transactional',
  version: '1.0.0',
  summary: 'Leaves one row in the transaction that also holds the result.',
  input: Input,
  output: Output,
  effect: 'transactional',
  boundMs: 50,
  timeoutMs: 10_000,
  costUsd: 0,
  async run({ goal, step }, { query }) {
    if (!query) throw new ToolFailure('reference.no_transaction', 'This tool runs inside a transaction only');
    await query('INSERT INTO tool_calls (goal, step, pid) VALUES ($1, $2, $3)', [goal, step, process.pid]);
    return { output: { step, echo: kibibyteOf(`echo ${goal} ${step}`) }, summary: summaryOf(step) };
  },
});

const finish = defineTool({
  name: 'reference.finish',
  version: '1.0.0',
  summary: 'Marks the goal as done in the table that the benchmark reads.',
  input: z.object({ goal: z.string().min(1), k: z.int().min(0) }),
  output: z.object({ text: z.string() }),
  effect: 'transactional',
  boundMs: 50,
  timeoutMs: 10_000,
  costUsd: 0,
  async run({ goal, k }, { query }) {
    if (!query) throw new ToolFailure('reference.no_transaction', 'This tool runs inside a transaction only');
    const text = kibibyteOf(`final ${goal}`);
    await query(
      `INSERT INTO goals (goal, status, k, body, finished_at) VALUES ($1, 'done', $2, $3, clock_timestamp())
       ON CONFLICT (goal) DO UPDATE SET status = 'done', body = excluded.body, finished_at = excluded.finished_at`,
      [goal, k, JSON.stringify({ text })],
    );
    return { output: { text }, summary: 'marked as done' };
  },
});

/** Asks the far side itself: each of the K steps was accepted exactly once. */
const counted: Verifier = {
  name: 'reference.counted',
  boundMs: 100,
  async verify({ args }) {
    const { goal, k } = z.object({ goal: z.string(), k: z.int() }).parse(args);
    const seen = await farSide.steps(goal);
    const expected = Array.from({ length: k }, (_, step) => step);
    const holds = seen.length === k && expected.every((step) => seen.includes(step));
    return [
      {
        check: `each of the ${k} steps was accepted once`,
        holds,
        seen: `${seen.length} calls, ${new Set(seen).size} steps`,
      },
    ];
  },
};

export const plugin: ToolPlugin = {
  name: 'reference',
  version: '1.0.0',
  tools: [echoIdempotent, echoTransactional, finish],
  verifiers: [counted],
};
