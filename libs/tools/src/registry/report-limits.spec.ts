import { z } from 'zod';
import { defineTool, type ToolContext, ToolFailure } from '../definition';
import { runTool } from './run-tool';

const context = { signal: new AbortController().signal } as ToolContext;
const base = defineTool({
  name: 'test.odd',
  version: '1.0.0',
  summary: 'Returns what it should not.',
  input: z.object({}),
  output: z.any(),
  effect: 'pure',
  boundMs: 10,
  timeoutMs: 1000,
  costUsd: 0,
  run: async (): Promise<{ output: unknown; summary: string }> => ({ output: { ok: 1 }, summary: 'fine' }),
});
const errorOf = async (change: object) => (await runTool({ ...base, ...change }, {}, context)).error;
const returning = (output: unknown, rest: object = {}) => ({ run: async () => ({ output, summary: 's', ...rest }) });

const nested = (levels: number): object => {
  let value = {};
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
};
const cyclic: { self?: object } = {};
cyclic.self = cyclic;
const file = { sha256: 'a'.repeat(64), name: 'a.csv', mediaType: 'text/csv', sizeBytes: 1 };

it.each([
  ['deep output', returning(nested(100_000)), 'nested deeper'],
  ['output that only just can be written', returning(nested(2000)), 'nested deeper'],
  ['a cycle', returning(cyclic), 'nested deeper'],
  ['a text', returning('text'), 'must be an object'],
  ['a list', returning([1]), 'must be an object'],
  ['a file that is none', returning({}, { artifacts: [null] }), 'cannot be kept'],
  ['a file without a hash', returning({}, { artifacts: [{ ...file, sha256: 'zz' }] }), 'sha256'],
  ['a file of negative size', returning({}, { artifacts: [{ ...file, sizeBytes: -1 }] }), 'sizeBytes'],
  ['facts that are no list', { facts: () => 'nonsense' }, 'facts that are no list'],
  [
    'heaps of facts',
    { facts: () => Array.from({ length: 9000 }, (_, n) => ({ predicate: 'seen', args: [n] })) },
    'bytes of facts',
  ],
  [
    'heaps of evidence',
    { postcondition: async () => Array.from({ length: 9000 }, () => ({ check: 'c', holds: true, seen: 's' })) },
    'bytes of evidence',
  ],
])('refuses %s as invalid output, for no payload and no table takes it', async (_what, change, reason) => {
  const error = await errorOf(change);
  expect(error).toMatchObject({ code: 'tool.invalid_output', transient: false });
  expect(error?.message).toContain(reason);
});

it('takes a file that is one', async () => {
  expect(await runTool({ ...base, ...returning({ a: 1 }, { artifacts: [file] }) }, {}, context)).toMatchObject({
    ok: true,
    artifacts: [file],
  });
});

it.each([
  ['an error of megabytes', new Error('e'.repeat(5_000_000))],
  ['a failure of megabytes', new ToolFailure('far.broken', 'e'.repeat(5_000_000))],
])('cuts the message of %s', async (_what, thrown) => {
  const error = await errorOf({ run: () => Promise.reject(thrown) });
  expect(error?.message).toHaveLength(2000);
});

it('names a thrown value that cannot be shown', async () => {
  const hostile = {
    toString(): string {
      throw new Error('no');
    },
  };
  const run = () => {
    throw hostile as unknown as Error;
  };
  const error = await errorOf({ run });
  expect(error).toMatchObject({ code: 'tool.defect' });
  expect(error?.message).toContain('cannot be shown');
});
