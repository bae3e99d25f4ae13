import { z } from 'zod';
import { defineTool, type ToolContext, ToolFailure } from '../definition';
import { runTool } from './run-tool';

const context = (signal: AbortSignal = new AbortController().signal): ToolContext => ({
  tenantId: 't',
  goalId: 'g',
  stepId: 's',
  idempotencyKey: 'k',
  signal,
  heartbeat: () => undefined,
  artifacts: {
    put: () => Promise.reject(new Error('no store')),
    path: () => Promise.reject(new Error('no store')),
    scratch: () => Promise.reject(new Error('no store')),
  },
  sources: { resolve: () => Promise.reject(new Error('no sources')) },
});
const double = defineTool({
  name: 'test.double',
  version: '1.0.0',
  summary: 'Doubles a number.',
  input: z.object({ n: z.number().default(1) }),
  output: z.object({ n: z.number() }),
  effect: 'pure',
  boundMs: 10,
  timeoutMs: 50,
  costUsd: 0,
  facts: ({ n }) => [{ predicate: 'doubled', args: [n] }],
  postcondition: ({ n }, output) => [{ check: 'twice', holds: output.n === 2 * n, seen: String(output.n) }],
  run: async ({ n }) => ({ output: { n: 2 * n }, summary: `  doubled\n${'x'.repeat(300)}` }),
});

it('checks arguments and output, fills defaults, and gathers evidence and facts', async () => {
  const run = await runTool(double, {}, context());
  expect(run).toMatchObject({
    ok: true,
    output: { n: 2 },
    error: null,
    evidence: [{ check: 'twice', holds: true, seen: '2' }],
    facts: [{ predicate: 'doubled', args: [1] }],
  });
  expect(run.summary).toHaveLength(200);
});

it('turns wrong arguments, wrong and oversized output into data', async () => {
  const wrong = defineTool({
    ...double,
    run: async () => ({ output: { n: 'two' as unknown as number }, summary: '' }),
  });
  const big = defineTool({
    ...double,
    output: z.any(),
    postcondition: undefined,
    run: async () => ({ output: { text: 'x'.repeat(40_000) }, summary: '' }),
  });
  expect((await runTool(double, { n: 'one' }, context())).error).toMatchObject({
    code: 'tool.invalid_arguments',
    transient: false,
  });
  expect((await runTool(wrong, {}, context())).error).toMatchObject({ code: 'tool.invalid_output', transient: false });
  expect((await runTool(big, {}, context())).error?.message).toContain('belong in an artifact');
});

it('keeps the code of a failure, and calls anything else a defect', async () => {
  const failing = defineTool({
    ...double,
    run: () => Promise.reject(new ToolFailure('far.busy', 'Busy', { transient: true })),
  });
  const defective = defineTool({
    ...double,
    effect: 'once',
    run: () => {
      throw new TypeError('x is undefined');
    },
  });
  expect(await runTool(failing, {}, context())).toMatchObject({
    ok: false,
    output: null,
    error: { code: 'far.busy', message: 'Busy', transient: true },
  });
  expect((await runTool(defective, {}, context())).error).toEqual({
    code: 'tool.defect',
    message: 'test.double: x is undefined',
    transient: false,
    uncertain: true,
  });
});

it('gives up a call that takes too long, also one that does not listen', async () => {
  const deaf = defineTool({ ...double, run: () => new Promise<never>(() => undefined) });
  expect((await runTool(deaf, {}, context())).error).toEqual({
    code: 'tool.timeout',
    message: 'test.double took longer than 50 ms',
    transient: true,
  });
});

it('throws the reason when the caller cancels, before and during the call', async () => {
  const stop = new AbortController();
  const waiting = defineTool({
    ...double,
    timeoutMs: 60_000,
    run: () => {
      stop.abort(new Error('cancelled'));
      return new Promise<never>(() => undefined);
    },
  });
  await expect(runTool(waiting, {}, context(stop.signal))).rejects.toThrow('cancelled');
  await expect(runTool(double, {}, context(stop.signal))).rejects.toThrow('cancelled');
});

it('hands on where a tool says the cause lies, and nothing that is no such place', async () => {
  const failing = (blame: unknown) =>
    defineTool({
      ...double,
      run: () => Promise.reject(new ToolFailure('own.code', 'no', { blame: blame as 'input' })),
    });
  expect((await runTool(failing('input'), {}, context())).error).toMatchObject({ code: 'own.code', blame: 'input' });
  expect((await runTool(failing('somebody'), {}, context())).error).not.toHaveProperty('blame');
  expect((await runTool(failing(undefined), {}, context())).error).not.toHaveProperty('blame');
});
