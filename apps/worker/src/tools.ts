import { type Database, PackRepository, SHARED_TENANT_ID, ToolRepository } from '@goalkeeper/persistence';
import { builtinPlugins, loadPluginFolder, type ToolPlugin, type ToolRegistry } from '@goalkeeper/tools';

/**
 * The built-in tools and those of the configured folders.
 *
 * @throws {InvalidDefinitionError} naming the folder and what is wrong with it
 */
export async function loadPlugins(dirs: readonly string[]): Promise<readonly ToolPlugin[]> {
  return [...builtinPlugins, ...(await Promise.all(dirs.map((dir) => loadPluginFolder(dir))))];
}

/**
 * Writes what this worker can do into the store, where the API finds it without importing a tool. It replaces what the
 * workers before it wrote, so that a plug-in that was taken out of the configuration is no longer offered. Any worker may
 * be handed any goal of its queue, so all of an installation are meant to load the same plug-ins, and the one that started
 * last speaks for all; while versions change, that is the newest, and what only an older one still runs is not offered.
 */
export async function registerTools(database: Database, tools: ToolRegistry): Promise<void> {
  await database.tenant(SHARED_TENANT_ID, async (tx) => {
    await new ToolRepository(tx).replaceAll(tools.descriptors());
    await new PackRepository(tx).replaceAll(tools.packs());
  });
}
