import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPluginFolder } from './load-plugin';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'gk-plugin-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const TOOL = `{ name: 'mine.echo', version: '1.0.0', summary: 'Echoes.', effect: 'pure', boundMs: 5, timeoutMs: 50, costUsd: 0,
  input: schema, output: schema, run: async (args) => ({ output: args, summary: 'echoed' }) }`;
const moduleText = (name = 'plugin', tool = TOOL): string =>
  `const schema = { safeParse: (data) => ({ success: true, data }) };\nexports.${name} = { name: 'mine', version: '1.0.0', tools: [${tool}] };`;
const write = (file: string, text: string): void => writeFileSync(join(dir, file), text);
const PACK = {
  name: 'mine',
  version: '1.0.0',
  summary: 'Mine.',
  tasks: [
    {
      name: 'mine.say',
      summary: 'say it',
      params: [],
      phrasings: ['say it'],
      success: [{ name: 'mine.said', summary: 'it was said', args: {} }],
    },
  ],
  methods: [
    {
      name: 'plain',
      task: 'mine.say',
      summary: 'say it',
      cost: 1,
      when: [],
      subtasks: [{ id: 'say', task: 'mine.echo', args: {} }],
    },
  ],
  operators: [
    {
      name: 'mine.echo',
      summary: 'Echo',
      params: [],
      when: [],
      adds: [],
      deletes: [],
      tools: [{ tool: 'mine.echo', args: {} }],
    },
  ],
};

it.each(['plugin', 'default'])('loads tools and packs of a folder whose module exports `%s`', async (name) => {
  write('plugin.json', JSON.stringify({ name: 'mine', version: '2.0.0', main: 'main.cjs', packs: ['mine.pack.json'] }));
  write('main.cjs', moduleText(name));
  write('mine.pack.json', JSON.stringify(PACK));
  const plugin = await loadPluginFolder(dir);
  expect(plugin).toMatchObject({ name: 'mine', version: '2.0.0', packs: [{ name: 'mine' }] });
  expect(plugin.tools.map((tool) => tool.name)).toEqual(['mine.echo']);
});

it.each<[string, () => void, RegExp]>([
  ['no manifest', () => undefined, /plugin\.json cannot be used.*ENOENT/],
  ['a manifest without a main', () => write('plugin.json', '{"name":"mine","version":"1.0.0"}'), /main/],
  [
    'a main that does not exist',
    () => write('plugin.json', '{"name":"mine","version":"1.0.0","main":"gone.cjs"}'),
    /does not exist/,
  ],
  [
    'a main that throws',
    () => {
      write('plugin.json', '{"name":"mine","version":"1.0.0","main":"m.cjs"}');
      write('m.cjs', 'throw new Error("no luck")');
    },
    /no luck/,
  ],
  [
    'a main that exports nothing',
    () => {
      write('plugin.json', '{"name":"mine","version":"1.0.0","main":"m.cjs"}');
      write('m.cjs', '');
    },
    /neither `default` nor `plugin`/,
  ],
  [
    'a broken tool',
    () => {
      write('plugin.json', '{"name":"mine","version":"1.0.0","main":"m.cjs"}');
      write('m.cjs', moduleText('plugin', TOOL.replace("'pure'", "'magic'")));
    },
    /effect "magic"/,
  ],
  [
    'a broken pack',
    () => {
      write('plugin.json', '{"name":"mine","version":"1.0.0","main":"m.cjs","packs":["p.json"]}');
      write('m.cjs', moduleText());
      write('p.json', '{"name":"x"}');
    },
    /p\.json/,
  ],
])('refuses %s', async (_what, prepare, message) => {
  prepare();
  await expect(loadPluginFolder(dir)).rejects.toThrow(message);
});

it('refuses files outside of the folder, also through a link', async () => {
  const inner = join(dir, 'inner');
  mkdirSync(inner);
  write('outside.cjs', moduleText());
  symlinkSync(join(dir, 'outside.cjs'), join(inner, 'link.cjs'));
  for (const main of ['../outside.cjs', 'link.cjs']) {
    writeFileSync(join(inner, 'plugin.json'), JSON.stringify({ name: 'mine', version: '1.0.0', main }));
    await expect(loadPluginFolder(inner)).rejects.toThrow('lies outside');
  }
});
