import type { DomainPack, Plan } from '@goalkeeper/domain';
import { type Database, packDigest, PackRepository } from '@goalkeeper/persistence';
import type { ToolRegistry } from '@goalkeeper/tools';

/** How long what a tenant uploaded is taken from memory; a task that is not found is looked for at once. */
const FRESH_MS = 1_000;

/** The packs that goals may be planned with: the worker's own, and what the tenant uploaded. */
export interface PackShelf {
  /**
   * What is on offer for a tenant, its own packs first; an own one hides the worker's of its name.
   *
   * @param fresh true: as the store has it now
   */
  offered(tenantId: string, fresh: boolean): Promise<readonly DomainPack[]>;
  /** The pack that a plan was made with, also when another content is on offer by now; null when it is gone. */
  pinned(tenantId: string, plan: Pick<Plan, 'pack'>): Promise<DomainPack | null>;
}

interface Own {
  readonly packs: readonly DomainPack[];
  readonly readAt: number;
}

export function createPackShelf(deps: {
  readonly database: Pick<Database, 'tenant'>;
  readonly tools: Pick<ToolRegistry, 'packs' | 'refresh'>;
  readonly now?: () => number;
}): PackShelf {
  const { database, tools, now = () => performance.now() } = deps;
  const own = new Map<string, Own>();
  const pins = new Map<string, DomainPack>();

  async function read(tenantId: string): Promise<readonly DomainPack[]> {
    const readAt = now();
    const found = await database.tenant(tenantId, (tx) => new PackRepository(tx).own());
    const known = new Map((own.get(tenantId)?.packs ?? []).map((pack) => [packDigest(pack), pack]));
    // A pack that did not change stays the same object: what was read of it is kept by it.
    const packs = found.map(({ pack, digest }) => known.get(digest) ?? pack);
    if (own.size >= 1_000) own.clear();
    own.set(tenantId, { packs, readAt });
    return packs;
  }

  return {
    async offered(tenantId, fresh) {
      const known = own.get(tenantId);
      const isFresh = known !== undefined && !fresh && now() - known.readAt < FRESH_MS;
      if (fresh) await tools.refresh?.();
      const uploaded = isFresh ? known.packs : await read(tenantId);
      const hidden = new Set(uploaded.map(({ name }) => name));
      return [...uploaded, ...tools.packs().filter(({ name }) => !hidden.has(name))];
    },
    async pinned(tenantId, { pack: { name, version, digest } }) {
      const offered = await this.offered(tenantId, false);
      const same = offered.find(
        (pack) => pack.name === name && (digest === undefined ? pack.version === version : packDigest(pack) === digest),
      );
      if (same || digest === undefined) return same ?? null;
      const key = `${tenantId} ${name} ${digest}`;
      const kept =
        pins.get(key) ?? (await database.tenant(tenantId, (tx) => new PackRepository(tx).revision(name, digest)));
      if (pins.size >= 1_000) pins.clear();
      if (kept) pins.set(key, kept);
      return kept;
    },
  };
}
