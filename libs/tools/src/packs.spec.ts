import { type JsonObject, NoPlanError, offerOf, resolveTask, UnavailableTaskError } from '@goalkeeper/domain';
import { pursue, SIMULATED, simulatedTools, simulatedWorld, type SimulatedWorld } from '../../testing/src/tools';
import { builtinPlugins } from './builtin';
import type { ToolContext } from './definition';
import { createToolRegistry } from './registry';

const packs = builtinPlugins.flatMap((plugin) => plugin.packs ?? []);
const installed = createToolRegistry({ plugins: builtinPlugins }).descriptors();
const names = installed.map(({ name }) => name);
const context = { signal: new AbortController().signal } as ToolContext;
let world: SimulatedWorld;
beforeEach(() => (world = simulatedWorld()));

const run = (name: string, args: JsonObject) =>
  pursue({ name, args }, { packs, tools: simulatedTools(world), context });
const url = 'https://a.example/';
const isGreen = (from: SimulatedWorld) => from.calls.map(({ tool }) => tool);

/** Each task whose tools do not exist yet, with what the world must show when it was done. */
const TASKS: readonly [name: string, args: JsonObject, tools: string[]][] = [
  ['web.fetch', { url, to: 'a.txt' }, ['http.fetch', 'web.extract', 'file.write']],
  ['web.tables', { url }, ['http.fetch', 'web.extract']],
  ['web.check-links', { url }, ['http.fetch', 'web.extract', 'http.request']],
  [
    'web.watch',
    { url, every: 60, looks: 2 },
    ['http.fetch', 'time.wait', 'http.fetch', 'web.extract', 'time.wait', 'http.fetch', 'web.extract'],
  ],
  ['files.find', { folder: 'docs', words: 'alpha' }, ['file.find']],
  ['files.find', { folder: 'docs', kind: 'md' }, ['file.find']],
  ['files.find', { folder: 'docs' }, ['file.list']],
  ['files.organise', { folder: 'docs' }, ['file.list', 'file.move']],
  ['files.convert', { source: 'list.csv', to: 'json' }, ['file.read', 'file.write']],
  ['files.archive', { sources: ['docs'] }, ['file.archive', 'file.extract']],
  ['code.run', { source: 'main.py' }, ['code.run']],
  ['code.run', { code: 'print(7)', language: 'python' }, ['code.run']],
  ['code.test', { folder: 'docs' }, ['file.list', 'shell.run']],
  ['code.test', { folder: 'docs', language: 'python' }, ['shell.run']],
  ['code.test', { folder: 'docs', command: 'make check' }, ['shell.run']],
  ['code.measure', { source: 'main.py', runs: 3 }, ['code.run', 'code.run', 'code.run', 'code.run']],
  ['service.probe', { url }, ['http.request']],
  ['service.wait-for', { url }, ['http.request']],
  ['service.compare', { left: url, right: `${url}b` }, ['http.request', 'http.request', 'web.extract']],
];

/** A failure, and the tools of the whole way around it: another method begins anew, what it shares with the first is cheap. */
const DETOURS: readonly [name: string, args: JsonObject, tool: string, code: string, then: string[]][] = [
  ['web.fetch', { url }, 'web.extract', 'web.no_text', ['http.fetch', 'web.extract', 'http.fetch', 'file.write']],
  ['web.tables', { url }, 'web.extract', 'web.no_tables', ['http.fetch', 'web.extract', 'http.request', 'web.extract']],
  [
    ...(['web.check-links', { url }, 'http.request', 'http.refused'] as const),
    ['http.fetch', 'web.extract', 'http.request', 'http.fetch', 'web.extract', 'http.request'],
  ],
  ['files.organise', { folder: 'docs', by: 'mood' }, '', '', ['file.list', 'file.move', 'file.list', 'file.move']],
  ['files.convert', { source: 'list.csv', to: 'pdf' }, '', '', ['file.read', 'file.write', 'file.read', 'code.run']],
  [
    ...(['files.archive', { sources: ['docs'] }, 'file.archive', 'file.not_a_file'] as const),
    ['file.archive', 'file.list', 'file.archive', 'file.extract'],
  ],
  ['code.run', { source: 'main.py' }, 'code.run', 'code.unknown_language', ['code.run', 'shell.run']],
  [
    ...(['code.measure', { source: 'main.py', runs: 2 }, 'code.run', 'code.unknown_language'] as const),
    ['code.run', 'shell.run', 'shell.run'],
  ],
  ['service.probe', { url }, 'http.request', 'http.unreachable', ['http.request', 'time.wait', 'http.request']],
  [
    'service.wait-for',
    { url },
    'http.request',
    'http.unexpected_status',
    ['http.request', 'time.wait', 'http.request'],
  ],
  [
    ...(['service.compare', { left: url, right: `${url}b` }, 'http.request', 'http.too_many_requests'] as const),
    ['http.request', 'time.wait', 'http.request', 'http.request', 'web.extract'],
  ],
];

describe('packs whose tools are simulated', () => {
  it.each(TASKS)('%s %j', async (name, args, tools) => {
    const done = await run(name, args);
    expect(isGreen(world)).toEqual(tools);
    expect(done.faults).toEqual([]);
    expect(Object.values(done.outputs).every((output) => Object.keys(output).length > 0)).toBe(true);
  });

  it.each(DETOURS)('%s %j goes another way when %s fails with %s', async (...detour) => {
    const [name, args, tool, code, then] = detour;
    if (code) world.faults.set(tool, [code]);
    const done = await run(name, args);
    expect(done.faults.length).toBeGreaterThan(0);
    expect(isGreen(world)).toEqual(then);
  });

  it('every one of their tasks is tried', () => {
    const waiting = offerOf(packs, names).unavailable.map(({ task }) => task);
    const tried = new Set([...TASKS, ...DETOURS].map(([name]) => name));
    expect(waiting.filter((task) => !tried.has(task))).toEqual(['research.ask-page']);
  });

  it('keep what they made', async () => {
    await run('web.fetch', { url, to: 'a.txt' });
    expect(world.files.get('a.txt')).toContain('Refunds are paid within 14 days.');
    await run('files.organise', { folder: 'docs' });
    expect([...world.files.keys()]).toEqual(expect.arrayContaining(['docs/txt/a.txt', 'docs/md/b.md']));
    expect((await run('code.run', { source: 'main.py' })).outputs.run).toMatchObject({ stdout: '42', exitCode: 0 });
    await run('web.watch', { url, every: 60, looks: 2 });
    expect(world.waited).toBe(120);
  });

  it('give up where no way is left', async () => {
    world.faults.set('http.fetch', ['http.unreachable']);
    await expect(run('web.tables', { url })).rejects.toThrow(NoPlanError);
  });

  it("a coding goal's plan includes the code tool", async () => {
    const { plan } = await run('code.run', { source: 'main.py' });
    expect(plan.steps.flatMap(({ tools }) => tools.map(({ tool }) => tool))).toEqual(['code.run']);
  });

  it('research.ask-page is planned over fetched pages', async () => {
    const research = builtinPlugins.find(({ name }) => name === 'research')?.tools ?? [];
    const known = [...SIMULATED, ...research.map(({ name }) => name)];
    expect(offerOf(packs, known).unavailable.map(({ task }) => task)).not.toContain('research.ask-page');
  });
});

describe('what is not installed', () => {
  it('is told with the tools that it needs, and planned by nobody', () => {
    const { unavailable, packs: able } = offerOf(packs, names);
    expect(unavailable).toContainEqual({
      task: 'service.probe',
      missing: ['http.request'],
      reason: 'needs tool http.request, which this installation does not have',
    });
    const tasks = able.flatMap((pack) => pack.tasks.map(({ name }) => name));
    expect(tasks).toEqual(expect.arrayContaining(['data.report', 'research.answer', 'research.write']));
    expect(tasks.filter((name) => /^(web|files|code|service)\./.test(name))).toEqual([]);
  });

  it.each([
    ['fetch https://a.example/x', 'web.fetch', 'http.fetch'],
    ['is https://a.example up?', 'service.probe', 'http.request'],
    ['run the script main.py', 'code.run', 'code.run'],
    ['zip the folder ./docs', 'files.archive', 'file.archive'],
  ])('"%s" would be %s, which needs %s', (objective, task, tool) => {
    const ask = () => resolveTask({ objective, task: null }, packs, { tools: names });
    expect(ask).toThrow(UnavailableTaskError);
    expect(ask).toThrow(new RegExp(`This would be ${task}, which is not available because it needs tools? .*${tool}`));
  });

  it('is refused by name too', () => {
    const ask = () =>
      resolveTask({ objective: '', task: { name: 'web.fetch', args: { url } } }, packs, { tools: names });
    expect(ask).toThrow(UnavailableTaskError);
  });

  it('is back as soon as its tools are', () => {
    const all = [...names, ...SIMULATED];
    expect(offerOf(packs, all).unavailable).toEqual([]);
    const resolved = resolveTask({ objective: 'fetch https://a.example/x', task: null }, packs, { tools: all });
    expect(resolved.request).toEqual({ name: 'web.fetch', args: { url: 'https://a.example/x' } });
  });
});
