import type { DomainPack, ToolDescriptor } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, rows } from '../sql';

type Named = { readonly name: string; readonly version: string };

/** Rows of descriptors: written inside `Database.tenant(SHARED_TENANT_ID, …)` for all, or a tenant's own for itself. */
class RegistryRepository<Item extends Named> {
  constructor(
    private readonly tx: EntityManager,
    private readonly table: 'tool' | 'pack',
  ) {}

  /** Stores or replaces by name, for the tenant of this transaction; unchanged rows are left alone. One statement. */
  async upsert(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    await rows(
      this.tx,
      `INSERT INTO ${this.table} (tenant_id, name, version, body)
       SELECT gk_tenant(), i.item->>'name', i.item->>'version', i.item FROM jsonb_array_elements($1::jsonb) AS i (item) ORDER BY 2
       ON CONFLICT (tenant_id, name) DO UPDATE SET version = excluded.version, body = excluded.body, updated_at = now()
       WHERE ${this.table}.body <> excluded.body`,
      [json(items)],
    );
  }

  /** The tenant's own and the shared ones, by name; a tenant's own hides a shared one of its name. One statement. */
  async list(): Promise<Item[]> {
    const found = await rows<{ body: Item }>(
      this.tx,
      `SELECT DISTINCT ON (name) body FROM ${this.table} ORDER BY name, tenant_id = gk_tenant() DESC`,
    );
    return found.map(({ body }) => body);
  }
}

/** The tools on offer. */
export class ToolRepository extends RegistryRepository<ToolDescriptor> {
  constructor(tx: EntityManager) {
    super(tx, 'tool');
  }
}

/** The domain packs on offer. */
export class PackRepository extends RegistryRepository<DomainPack> {
  constructor(tx: EntityManager) {
    super(tx, 'pack');
  }
}
