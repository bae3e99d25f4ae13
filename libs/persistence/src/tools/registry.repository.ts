import type { ToolDescriptor } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, rows } from '../sql';

type Named = { readonly name: string; readonly version: string };

/** Rows of descriptors: written inside `Database.tenant(SHARED_TENANT_ID, …)` for all, or a tenant's own for itself. */
class RegistryRepository<Item extends Named> {
  constructor(
    private readonly tx: EntityManager,
    private readonly table: 'tool',
  ) {}

  /**
   * Makes `items` all that is on offer for the tenant of this transaction: stores or replaces by name, removes every
   * other name, leaves unchanged rows alone. Whoever replaces last decides; those who replace at once follow each other,
   * so that what is left is what one of them offered and never a mixture.
   */
  async replaceAll(items: readonly Item[]): Promise<void> {
    // A statement of its own: the next one must see what the one before us in the queue has committed.
    await rows(
      this.tx,
      `SELECT pg_advisory_xact_lock(hashtext('goalkeeper.${this.table}'), hashtext(gk_tenant()::text))`,
    );
    await rows(
      this.tx,
      `WITH item AS (SELECT i.item AS body, i.item->>'name' AS name FROM jsonb_array_elements($1::jsonb) AS i (item)),
       gone AS (DELETE FROM ${this.table} WHERE tenant_id = gk_tenant() AND name NOT IN (SELECT name FROM item))
       INSERT INTO ${this.table} (tenant_id, name, version, body)
       SELECT gk_tenant(), name, body->>'version', body FROM item ORDER BY name
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
