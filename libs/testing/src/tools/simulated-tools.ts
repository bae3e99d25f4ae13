import type { Json, JsonObject } from '@goalkeeper/domain';
import { defineTool, type ToolDefinition, ToolFailure } from '@goalkeeper/tools';
import { z } from 'zod';
import { digest, type SimulatedWorld } from './simulated-world';

type Act = (args: JsonObject, world: SimulatedWorld) => JsonObject;

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
const listOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.map((item: Json) => text(item)) : [];

function pageAt(world: SimulatedWorld, url: string): { status: number; body: string } {
  const page = world.pages.get(url);
  if (!page) throw new ToolFailure('http.unreachable', `Nobody answers at ${url}`);
  return page;
}

function request(args: JsonObject, world: SimulatedWorld): JsonObject {
  if (args.urls) return { checked: listOf(args.urls).map((url) => ({ url, status: pageAt(world, url).status })) };
  const { status, body } = pageAt(world, text(args.url));
  if (args.expect !== undefined && status !== args.expect)
    throw new ToolFailure('http.unexpected_status', `${text(args.url)} answered ${status}`);
  return { status, body, sha256: digest(body) };
}

function extract(args: JsonObject): JsonObject {
  const page = text(args.page);
  if (args.what === 'text') return { text: page.replace(/<[^>]*>/g, ' ').trim() };
  if (args.what === 'links') {
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, to]) => new URL(to ?? '', text(args.base)).href);
    return { links };
  }
  if (args.what === 'difference') return { same: text(args.before) === text(args.now) };
  const rows = [...page.matchAll(/<td>([^<]*)/g)].map(([, cell]) => cell ?? '');
  if (rows.length === 0) throw new ToolFailure('web.no_tables', 'The page has no tables');
  return { tables: [rows] };
}

function filesIn(world: SimulatedWorld, folder: string): string[] {
  const found = [...world.files.keys()].filter((path) => path === folder || path.startsWith(`${folder}/`));
  if (found.length === 0) throw new ToolFailure('source.missing', `There is no ${folder}`);
  return found.sort();
}

function write(args: JsonObject, world: SimulatedWorld): JsonObject {
  if (args.format === 'pdf') throw new ToolFailure('file.unknown_format', 'No writer for pdf');
  const path = args.path ? text(args.path) : `${text(args.like).replace(/\.[^.]*$/, '')}.${text(args.format)}`;
  world.files.set(path, text(args.content));
  return { path, sha256: digest(text(args.content)) };
}

function move(args: JsonObject, world: SimulatedWorld): JsonObject {
  if (!['kind', 'date', 'name', 'size'].includes(text(args.by)))
    throw new ToolFailure('file.no_such_order', `Files cannot be sorted by ${text(args.by)}`);
  const folder = text(args.folder);
  for (const path of listOf(args.entries)) {
    const name = path.slice(folder.length + 1);
    world.files.set(`${folder}/${name.split('.').at(-1) ?? 'other'}/${name}`, world.files.get(path) ?? '');
    world.files.delete(path);
  }
  return { moved: listOf(args.entries).length };
}

function run(args: JsonObject, world: SimulatedWorld): JsonObject {
  const code = args.code ?? world.files.get(text(args.file)) ?? args.input;
  if (code === undefined) throw new ToolFailure('source.missing', `There is no ${text(args.file)}`);
  if (args.task === 'convert') return { exitCode: 0, stdout: text(args.input), durationMs: 5 };
  const printed = /print\((.*)\)/.exec(text(code))?.[1] ?? '';
  return { exitCode: 0, stdout: printed, durationMs: 5 };
}

const ACTS: Readonly<Record<string, Act>> = {
  'http.fetch': (args, world) => request({ url: args.url ?? '' }, world),
  'http.request': request,
  'web.extract': extract,
  'file.read': (args, world) => {
    const content = world.files.get(text(args.path));
    if (content === undefined) throw new ToolFailure('source.missing', `There is no ${text(args.path)}`);
    return { content };
  },
  'file.write': write,
  'file.list': (args, world) => {
    const entries = (args.folders ? listOf(args.folders) : [text(args.folder)]).flatMap((one) => filesIn(world, one));
    return { entries, testCommand: entries.some((path) => path.endsWith('.py')) ? 'python -m pytest -q' : 'npm test' };
  },
  'file.find': (args, world) => {
    const { words = '', kind = '' } = args;
    const fits = (path: string): boolean =>
      `${path} ${world.files.get(path) ?? ''}`.includes(text(words)) && path.endsWith(text(kind));
    return { found: filesIn(world, text(args.folder)).filter(fits) };
  },
  'file.move': move,
  'file.archive': (args, world) => {
    const members = listOf(args.sources).flatMap((source) => filesIn(world, source));
    world.files.set(text(args.to), JSON.stringify(members));
    return { path: text(args.to), members };
  },
  'file.extract': (args, world) => ({ members: JSON.parse(world.files.get(text(args.archive)) ?? '[]') as Json }),
  'code.run': run,
  'shell.run': (args, world) => {
    world.files.set('.last-command', text(args.command));
    return { exitCode: 0, stdout: '3 passed', durationMs: 9 };
  },
  'time.wait': (args, world) => {
    world.waited += Number(args.seconds);
    return { waited: Number(args.seconds) };
  },
};

const anObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));

/** The names of the tools that are simulated: those that the packs name and that are not built yet. */
export const SIMULATED = Object.keys(ACTS);

/** Tools of the names that real ones will have, which act on a world in memory: for plans whose tools do not exist yet. */
export function simulatedTools(world: SimulatedWorld): ToolDefinition[] {
  return Object.entries(ACTS).map(([name, act]) =>
    defineTool({
      name,
      version: '0.1.0',
      summary: `Simulates ${name}.`,
      input: anObject,
      output: anObject,
      effect: 'pure',
      boundMs: 1,
      timeoutMs: 1_000,
      costUsd: 0,
      async run(args) {
        world.calls.push({ tool: name, args });
        const fault = world.faults.get(name)?.shift();
        if (typeof fault === 'string') throw new ToolFailure(fault, `${name} was told to fail`);
        if (fault) throw new ToolFailure(fault.code, `${name} was told to fail once`, { transient: true });
        return { output: act(args, world), summary: name };
      },
    }),
  );
}
