import { type DomainPack, InvalidDefinitionError, SUB_GOAL, type ToolDescriptor } from '@goalkeeper/domain';
import type { ToolDefinition, ToolPlugin, Verifier } from '../definition';
import { pluginProblems } from './check-definition';
import { toDescriptor } from './descriptor';

export interface ToolRegistry {
  /** @throws {InvalidDefinitionError} when no tool has that name */
  get(name: string): ToolDefinition;
  has(name: string): boolean;
  /** Of all tools, in the order they were given, and of what the workflow does itself: raising goals. */
  descriptors(): ToolDescriptor[];
  /** The verifier of a success predicate. */
  verifier(name: string): Verifier | undefined;
  /** The names of all verifiers. */
  verifierNames(): string[];
  packs(): DomainPack[];
  /** Looks whether packs came or went; absent where they cannot. */
  refresh?(): Promise<void>;
}

/**
 * Gathers the tools, verifiers and packs of plugins under their names.
 *
 * @param options.builtIn names of the plugins that ship with us; their tools are `real`, all others `plugin`
 * @throws {InvalidDefinitionError} for duplicates and broken definitions, all problems together
 */
export function createToolRegistry(options: {
  plugins: readonly ToolPlugin[];
  builtIn?: readonly string[];
}): ToolRegistry {
  const { plugins, builtIn = ['data', 'research', 'web', 'files', 'code', 'service'] } = options;
  const problems = plugins.flatMap(pluginProblems);
  const tools = plugins.flatMap((plugin): readonly ToolDefinition[] => plugin.tools ?? []);
  if (tools.some(({ name }) => name === SUB_GOAL.name))
    problems.push(`${SUB_GOAL.name} is the name of what the workflow does itself`);
  const verifiers = plugins.flatMap((plugin) => plugin.verifiers ?? []);
  const packs = plugins.flatMap((plugin) => plugin.packs ?? []);
  problems.push(
    ...duplicates('plugin', plugins),
    ...duplicates('tool', tools),
    ...duplicates('verifier', verifiers),
    ...duplicates('pack', packs),
  );
  if (problems.length > 0) {
    throw new InvalidDefinitionError(
      `Tools cannot be used: ${problems.join('; ')}`,
      { problems },
      'Correct the plugin.',
    );
  }
  const toolByName = new Map<string, ToolDefinition>(tools.map((tool) => [tool.name, tool]));
  const descriptors = plugins.flatMap((plugin) =>
    plugin.tools.map((tool) => toDescriptor(tool, builtIn.includes(plugin.name) ? 'real' : 'plugin')),
  );
  const verifierByName = new Map<string, Verifier>(verifiers.map((verifier) => [verifier.name, verifier]));
  return {
    get(name) {
      const tool = toolByName.get(name);
      if (!tool) throw new InvalidDefinitionError(`No tool is called ${name}`, { name, known: [...toolByName.keys()] });
      return tool;
    },
    has: (name) => toolByName.has(name) || name === SUB_GOAL.name,
    descriptors: () => [...descriptors, SUB_GOAL],
    verifier: (name) => verifierByName.get(name),
    verifierNames: () => [...verifierByName.keys()],
    packs: () => [...packs],
  };
}

function duplicates(what: string, items: readonly { name: string }[]): string[] {
  const names = items.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `two ${what}s are called ${name}`);
}
