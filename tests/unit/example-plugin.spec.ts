import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planTask, resolveTask, validatePlan } from '@goalkeeper/domain';
import { loadPluginFolder, type ToolContext, type ToolPlugin, type VerifierContext } from '@goalkeeper/tools';
import { toDescriptor } from '../../libs/tools/src/registry/descriptor';

const OBJECTIVE = 'count the words in ./README.md';
const folder = mkdtempSync(join(tmpdir(), 'gk-example-'));
const sources = { resolve: async (name: string) => ({ path: join(folder, name), name: 'README.md' }) };
let plugin: ToolPlugin;

beforeAll(async () => {
  plugin = await loadPluginFolder(join(__dirname, '../../docs/examples/words'));
  writeFileSync(join(folder, 'README.md'), ' Goals  are\nnever dropped\t. ');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The plan for the words that the page tells people to try. */
function plan() {
  const packs = plugin.packs ?? [];
  const made = planTask({ packs, request: resolveTask({ objective: OBJECTIVE, task: null }, packs).request });
  const tools = plugin.tools.map((tool) => toDescriptor(tool, 'plugin'));
  expect(validatePlan(made, { packs, facts: [], tools })).toEqual([]);
  return made;
}

async function evidenceFor(words: number) {
  const [predicate] = plan().success;
  const context = { sources, outputs: { count: { words } } } as unknown as VerifierContext;
  return plugin.verifiers?.[0]?.verify(predicate ?? { name: '', summary: '', args: {} }, context);
}

describe('the plug-in of docs/extend.md', () => {
  it('understands its words and plans one call of its tool', () => {
    expect(plan().steps.map(({ label, tools }) => [label, tools])).toEqual([
      ['count', [{ tool: 'words.count', args: { source: './README.md' } }]],
    ]);
  });

  it('counts', async () => {
    const result = await plugin.tools[0]?.run({ source: 'README.md' }, { sources } as unknown as ToolContext);
    expect(result).toMatchObject({ output: { words: 5 }, summary: 'README.md has 5 words' });
  });

  it('sees a wrong count', async () => {
    expect(await evidenceFor(5)).toMatchObject([{ holds: true }]);
    expect(await evidenceFor(6)).toMatchObject([{ holds: false, seen: '5 words' }]);
  });
});
