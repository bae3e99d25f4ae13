import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isAbsolute, join, relative } from 'node:path';
import { type DomainPack, InvalidDefinitionError, parsePack } from '@goalkeeper/domain';
import { z } from 'zod';
import type { ToolPlugin } from '../definition';
import { pluginProblems } from './check-definition';

const Manifest = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  main: z.string().min(1),
  packs: z.array(z.string().min(1)).default([]),
});

/**
 * Loads a plugin from its folder: `plugin.json` (`{ name, version, main, packs: [files] }`) and a CommonJS module that
 * exports the plugin as `default` or `plugin`. Files named there must lie in the folder. The module's code runs with
 * our rights: load only folders that the operator chose.
 *
 * @throws {InvalidDefinitionError} for whatever is missing or broken, naming file and reason
 */
export async function loadPluginFolder(dir: string): Promise<ToolPlugin> {
  const manifestFile = join(dir, 'plugin.json');
  const read = Manifest.safeParse(await readJson(manifestFile));
  if (!read.success) throw broken(manifestFile, z.prettifyError(read.error));
  const manifest = read.data;
  const mainFile = await inside(dir, manifest.main);
  const exported = loadModule(mainFile);
  const packs = await Promise.all(manifest.packs.map(async (file) => readPack(await inside(dir, file))));
  const plugin: ToolPlugin = {
    name: manifest.name,
    version: manifest.version,
    tools: exported.tools,
    verifiers: exported.verifiers ?? [],
    packs: [...(exported.packs ?? []), ...packs],
  };
  const problems = pluginProblems(plugin);
  if (problems.length > 0) throw broken(mainFile, problems.join('; '));
  return plugin;
}

function loadModule(file: string): ToolPlugin {
  let module: { default?: ToolPlugin; plugin?: ToolPlugin };
  try {
    module = createRequire(file)(file) as typeof module;
  } catch (error) {
    throw broken(file, error instanceof Error ? error.message : String(error));
  }
  const plugin = module.plugin ?? module.default;
  if (typeof plugin !== 'object' || plugin === null) throw broken(file, 'it exports neither `default` nor `plugin`');
  return plugin;
}

async function readPack(file: string): Promise<DomainPack> {
  const value = await readJson(file);
  try {
    return parsePack(value);
  } catch (error) {
    throw broken(file, error instanceof Error ? error.message : String(error));
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    throw broken(file, error instanceof Error ? error.message : String(error));
  }
}

async function inside(dir: string, file: string): Promise<string> {
  const root = await realpath(dir);
  const full = await realpath(join(root, file)).catch(() => {
    throw broken(join(dir, file), 'it does not exist');
  });
  const path = relative(root, full);
  if (path.startsWith('..') || isAbsolute(path)) throw broken(full, `it lies outside of ${dir}`);
  return full;
}

function broken(file: string, problem: string): InvalidDefinitionError {
  const message = `The plugin file ${file} cannot be used: ${problem}`;
  return new InvalidDefinitionError(
    message,
    { problems: [problem], file },
    'Correct the file or leave the plugin out.',
  );
}
