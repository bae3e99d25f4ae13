import { type Database, PackRepository, SHARED_TENANT_ID, ToolRepository } from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import { builtinPlugins, loadPluginFolder, PackDirectory, type ToolPlugin, type ToolRegistry } from '@goalkeeper/tools';

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
export async function registerTools(database: Database, tools: ToolRegistry, packs: PackDirectory): Promise<void> {
  await database.tenant(SHARED_TENANT_ID, async (tx) => {
    await new ToolRepository(tx).replaceAll(tools.descriptors(), tools.verifierNames());
    await new PackRepository(tx).replaceAll(tools.packs());
    await new PackRepository(tx).replaceFaults(packs.current().faults);
  });
}

/** How often the packs' directory is looked at: a few calls to the file system, which watching would cost no less reliably. */
const SCAN_MS = 1_000;

export interface OfferedTools {
  /** The registry with the packs of the directory, as they are at the moment. */
  readonly tools: ToolRegistry;
  /** Looks at the directory now and then, until it is stopped. */
  readonly stop: () => void;
}

/** Offers the tools and packs of this worker, and takes up what changes in the packs' directory while it runs. */
export async function offerTools(
  database: Database,
  registry: ToolRegistry,
  { packsDir, log }: { readonly packsDir: string; readonly log: Logger },
): Promise<OfferedTools> {
  const packs = new PackDirectory(packsDir, registry);
  let isStored = true;
  const scan = async (): Promise<void> => {
    if (!(await packs.scan())) return;
    isStored = false;
    tell();
  };
  const tools: ToolRegistry = {
    ...registry,
    packs: () => [...registry.packs(), ...packs.current().packs],
    refresh: scan,
  };
  const tell = (): void => {
    const { packs: found, faults } = packs.current();
    log.info({ packsDir, packs: found.map(({ name, version }) => `${name}@${version}`) }, 'packs.read');
    for (const fault of faults) log.warn({ ...fault }, 'packs.unusable');
  };
  await scan();
  await registerTools(database, tools, packs);
  isStored = true;
  let isStopped = false;
  const look = async (): Promise<void> => {
    try {
      await scan();
      if (isStored) return;
      isStored = true;
      await registerTools(database, tools, packs);
    } catch (error) {
      isStored = false; // tried again with the next look
      log.error({ err: error, packsDir }, 'packs.scan_failed');
    } finally {
      if (!isStopped) timer = setTimeout(() => void look(), SCAN_MS).unref();
    }
  };
  let timer = setTimeout(() => void look(), SCAN_MS).unref();
  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
  };
  return { tools, stop };
}
