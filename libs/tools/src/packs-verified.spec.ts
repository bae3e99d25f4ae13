import { type JsonObject, NoPlanError, type TaskRequest } from '@goalkeeper/domain';
import {
  pursue,
  type Pursued,
  SIMULATED_PREDICATES,
  simulatedTools,
  simulatedVerifiers,
  simulatedWorld,
  type SimulatedWorld,
} from '../../testing/src/tools';
import { builtinPlugins } from './builtin';
import type { ToolContext } from './definition';

const packs = builtinPlugins.flatMap((plugin) => plugin.packs ?? []);
const context = { signal: new AbortController().signal } as ToolContext;
const url = 'https://a.example/';
const request = (name: string, args: JsonObject): TaskRequest => ({ name, args });

const run = (task: TaskRequest, world: SimulatedWorld): Promise<Pursued> =>
  pursue(task, { packs, tools: simulatedTools(world), verifiers: simulatedVerifiers(world), context });
const red = ({ evidence }: Pursued): string[] =>
  evidence.filter(({ holds }) => !holds).map(({ check, seen }) => `${check}: ${seen}`);

/** Every task of the packs whose tools are simulated, in the ways in which it can be asked. */
const TASKS: readonly TaskRequest[] = [
  request('web.fetch', { url, to: 'a.txt' }),
  request('web.tables', { url }),
  request('web.check-links', { url }),
  request('web.watch', { url, every: 60, looks: 2 }),
  request('files.find', { folder: 'docs', words: 'alpha' }),
  request('files.find', { folder: 'docs', kind: 'md' }),
  request('files.find', { folder: 'docs' }),
  request('files.organise', { folder: 'docs' }),
  request('files.convert', { source: 'list.csv', to: 'json' }),
  request('files.convert', { source: 'list.csv', to: 'pdf' }),
  request('files.archive', { sources: ['docs', 'list.csv'] }),
  request('code.run', { source: 'main.py' }),
  request('code.run', { code: 'print(7)', language: 'python' }),
  request('code.test', { folder: 'docs' }),
  request('code.measure', { source: 'main.py', runs: 3 }),
  request('service.probe', { url }),
  request('service.wait-for', { url }),
  request('service.compare', { left: url, right: `${url}b` }),
];

/** A permanent failure and whether another way leads around it. */
const FAULTS: readonly (readonly [TaskRequest, tool: string, code: string, isLost: boolean])[] = [
  [request('web.fetch', { url }), 'web.extract', 'web.no_text', false],
  [request('web.fetch', { url }), 'http.fetch', 'http.unreachable', true],
  [request('web.tables', { url }), 'web.extract', 'web.no_tables', false],
  [request('web.tables', { url }), 'http.fetch', 'http.unreachable', true],
  [request('web.check-links', { url }), 'http.request', 'http.refused', false],
  [request('web.watch', { url, every: 1, looks: 1 }), 'http.fetch', 'http.refused', true],
  [request('files.find', { folder: 'docs' }), 'file.list', 'source.outside_roots', true],
  [request('files.organise', { folder: 'docs' }), 'file.move', 'file.no_such_order', false],
  [request('files.convert', { source: 'list.csv', to: 'json' }), 'file.write', 'file.unknown_format', false],
  [request('files.convert', { source: 'list.csv', to: 'json' }), 'file.read', 'source.missing', true],
  [request('files.archive', { sources: ['docs'] }), 'file.archive', 'file.not_a_file', false],
  [request('code.run', { source: 'main.py' }), 'code.run', 'code.unknown_language', false],
  [request('code.test', { folder: 'docs' }), 'shell.run', 'code.no_sandbox', true],
  [request('code.measure', { source: 'main.py', runs: 2 }), 'code.run', 'code.unknown_language', false],
  [request('service.probe', { url }), 'http.request', 'http.unreachable', false],
  [request('service.wait-for', { url }), 'http.request', 'http.unexpected_status', false],
  [
    ...([request('service.compare', { left: url, right: `${url}b` }), 'http.request'] as const),
    ...(['http.too_many_requests', false] as const),
  ],
];

/** A world that is changed behind the tools' back, so that what they claim is false: the verifier alone can notice. */
const LIES: readonly (readonly [
  TaskRequest,
  tool: string,
  lie: (output: JsonObject, world: SimulatedWorld) => void,
])[] = [
  [request('web.fetch', { url, to: 'a.txt' }), 'file.write', (_, world) => world.files.set('a.txt', 'half of it')],
  [request('web.tables', { url }), 'web.extract', (output) => Object.assign(output, { tables: [['2']] })],
  [request('web.check-links', { url }), 'http.request', (output) => Object.assign(output, { checked: [] })],
  [
    request('web.watch', { url, every: 1, looks: 2 }),
    'web.extract',
    (output) => Object.assign(output, { same: 'yes' }),
  ],
  [
    request('files.find', { folder: 'docs' }),
    'file.list',
    (output) => Object.assign(output, { entries: ['docs/a.txt'] }),
  ],
  [request('files.organise', { folder: 'docs' }), 'file.move', (_, world) => world.files.delete('docs/txt/a.txt')],
  [
    ...([request('files.convert', { source: 'list.csv', to: 'json' }), 'file.write'] as const),
    (_, world) => world.files.set('list.json', ''),
  ],
  [request('files.archive', { sources: ['docs'] }), 'file.archive', (_, world) => world.files.set('archive.zip', '[]')],
  [request('code.run', { source: 'main.py' }), 'code.run', (output) => Object.assign(output, { exitCode: 3 })],
  [request('code.test', { folder: 'docs' }), 'shell.run', (output) => Object.assign(output, { stdout: '0 passed' })],
  [
    ...([request('code.measure', { source: 'main.py', runs: 2 }), 'code.run'] as const),
    (output) => Object.assign(output, { durationMs: 0 }),
  ],
  [request('service.probe', { url }), 'http.request', (_, world) => world.pages.set(url, { status: 500, body: '' })],
  [
    ...([request('service.compare', { left: url, right: `${url}b` }), 'web.extract'] as const),
    (output) => Object.assign(output, { same: false }),
  ],
];

const toolsOf = (task: TaskRequest): Promise<string[]> => {
  const world = simulatedWorld();
  return run(task, world).then(() => [...new Set(world.calls.map(({ tool }) => tool))]);
};

describe('tasks whose tools are simulated', () => {
  it.each(TASKS)('$name $args is done and verified', async (task) => {
    const done = await run(task, simulatedWorld());
    expect(done.evidence.length).toBeGreaterThan(0);
    expect(red(done)).toEqual([]);
  });

  it.each(TASKS)('$name $args survives a transient failure of each of its tools', async (task) => {
    for (const tool of await toolsOf(task)) {
      const world = simulatedWorld();
      world.faults.set(tool, [{ code: 'test.busy', transient: true }]);
      const done = await run(task, world);
      expect([tool, done.retries, red(done)]).toEqual([tool, 1, []]);
    }
  });

  it.each(FAULTS)('%j meets a permanent failure of %s (%s)', async (task, tool, code, isLost) => {
    const world = simulatedWorld();
    world.faults.set(tool, [code]);
    if (isLost) return expect(run(task, world)).rejects.toThrow(NoPlanError);
    const done = await run(task, world);
    expect(done.faults).toEqual([code]);
    expect(red(done)).toEqual([]);
  });

  it.each(LIES)('%j is not verified when %s claims what is not so', async (task, name, lie) => {
    const world = simulatedWorld();
    const tools = simulatedTools(world).map((tool) => {
      if (tool.name !== name) return tool;
      const act = async (...given: Parameters<typeof tool.run>): ReturnType<typeof tool.run> => {
        const result = await tool.run(...given);
        lie(result.output as JsonObject, world);
        return result;
      };
      return { ...tool, run: act };
    });
    const done = await pursue(task, { packs, tools, verifiers: simulatedVerifiers(world), context });
    expect(red(done)).not.toEqual([]);
  });

  it('every task and every predicate of these packs is among them, and has a fault and a lie', () => {
    const waiting = packs.filter(({ name }) => ['web', 'files', 'code', 'service'].includes(name));
    const tasks = waiting.flatMap((pack) => pack.tasks.filter(({ success }) => success.length > 0));
    const names = tasks.map(({ name }) => name).toSorted();
    const unique = (list: readonly TaskRequest[]): string[] => [...new Set(list.map(({ name }) => name))].toSorted();
    expect(unique(TASKS)).toEqual(names);
    expect(unique(FAULTS.map(([task]) => task))).toEqual(names);
    const predicates = new Set(tasks.flatMap(({ success }) => success.map(({ name }) => name)));
    expect([...predicates].toSorted()).toEqual(SIMULATED_PREDICATES.toSorted());
    const lied = new Set(LIES.map(([{ name }]) => tasks.find((task) => task.name === name)?.success[0]?.name));
    expect([...lied].toSorted()).toEqual([...predicates].toSorted());
  });
});
