import { InvalidDefinitionError } from '@goalkeeper/domain';
import { z } from 'zod';
import { defineTool, type ToolDefinition, type ToolPlugin } from '../definition';
import { createToolRegistry } from './tool-registry';

const aTool = (name: string, change: Partial<ToolDefinition> = {}): ToolDefinition => ({
  ...defineTool({
    name,
    version: '1.0.0',
    summary: 'Does something.',
    input: z.object({}),
    output: z.object({}),
    effect: 'pure',
    boundMs: 10,
    timeoutMs: 100,
    costUsd: 0,
    run: async () => ({ output: {}, summary: 'done' }),
  }),
  ...change,
});
const aPlugin = (name: string, tools: ToolDefinition[], more: Partial<ToolPlugin> = {}): ToolPlugin => ({
  name,
  version: '1.0.0',
  tools,
  ...more,
});
const problemsOf = (...plugins: ToolPlugin[]): string[] => {
  try {
    createToolRegistry({ plugins });
  } catch (error) {
    if (error instanceof InvalidDefinitionError) return error.details.problems as string[];
    throw error;
  }
  return [];
};

it('finds tools and verifiers by name and describes the tools without their code', () => {
  const verifier = { name: 'area.holds_true', verify: async () => [] };
  const registry = createToolRegistry({
    plugins: [aPlugin('data', [aTool('data.one')]), aPlugin('other', [aTool('other.two')], { verifiers: [verifier] })],
  });
  expect(registry.get('other.two').summary).toBe('Does something.');
  expect(registry.verifier('area.holds_true')).toBe(verifier);
  expect(registry.verifier('area.unknown')).toBeUndefined();
  expect(registry.descriptors()).toEqual([
    {
      name: 'data.one',
      version: '1.0.0',
      summary: 'Does something.',
      kind: 'real',
      effect: 'pure',
      boundMs: 10,
      timeoutMs: 100,
      costUsd: 0,
    },
    expect.objectContaining({ name: 'other.two', kind: 'plugin' }),
    expect.objectContaining({ name: 'goal.pursue', kind: 'real' }), // raising goals, which the workflow does itself
  ]);
});

it('refuses an unknown name and says which names there are', () => {
  const registry = createToolRegistry({ plugins: [aPlugin('data', [aTool('data.one')])] });
  expect(registry.has('data.two')).toBe(false);
  expect(() => registry.get('data.two')).toThrow('No tool is called data.two');
});

it('refuses what stands twice, over all plugins', () => {
  const verifier = { name: 'area.holds', verify: async () => [] };
  const plugin = aPlugin('data', [aTool('data.one')], { verifiers: [verifier] });
  expect(problemsOf(plugin, plugin)).toEqual([
    'two plugins are called data',
    'two tools are called data.one',
    'two verifiers are called area.holds',
  ]);
});

it('reports all problems of broken definitions together', () => {
  const broken = aTool('Bad Name', {
    version: '1',
    summary: ' ',
    timeoutMs: 5,
    effect: 'magic' as 'pure',
    input: 3 as unknown as z.ZodType,
  });
  expect(problemsOf(aPlugin('', [broken]))).toEqual([
    'a plugin has no name',
    'plugin : tool Bad Name: its name is not like "area.action" in small letters',
    'plugin : tool Bad Name: version "1" is not like 1.2.3',
    'plugin : tool Bad Name: it has no summary',
    'plugin : tool Bad Name: input is not a zod schema',
    'plugin : tool Bad Name: effect "magic" is none of pure, idempotent, transactional, once',
    'plugin : tool Bad Name: timeoutMs is below boundMs',
  ]);
});

it.each([
  ['costUsd', Infinity],
  ['costUsd', NaN],
  ['boundMs', Infinity],
  ['boundMs', NaN],
  ['timeoutMs', Infinity],
  ['timeoutMs', 2 ** 31],
] as const)('a tool whose %s is %d is refused: it could be neither stored nor waited for', (field, value) => {
  const problems = problemsOf(aPlugin('data', [aTool('data.one', { effect: 'idempotent', [field]: value })]));
  expect(problems).toEqual(expect.arrayContaining([expect.stringContaining(`data.one: ${field} is`)]));
});

it.each([
  ['pure', 199, 10_001, true],
  ['transactional', 10, 60_000, true],
  ['transactional', 10, 10_000, false],
  ['pure', 200, 60_000, false],
  ['idempotent', 10, 60_000, false],
] as const)(
  'a %s tool of %d ms that is given up after %d ms is refused: %s',
  (effect, boundMs, timeoutMs, isRefused) => {
    const problems = problemsOf(aPlugin('data', [aTool('data.one', { effect, boundMs, timeoutMs })]));
    expect(problems).toHaveLength(isRefused ? 1 : 0);
    if (isRefused) expect(problems[0]).toContain(`data.one: timeoutMs ${timeoutMs} is above 10000`);
  },
);
