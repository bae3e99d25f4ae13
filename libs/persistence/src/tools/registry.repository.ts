import type { ToolDescriptor } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, rows } from '../sql';

/** Rows of this prefix name a verifier: no tool's name holds a colon. */
const VERIFIER = 'verifier:';

type Named = { readonly name: string; readonly version: string };

/** Rows of descriptors: written inside `Database.tenant(SHARED_TENANT_ID, …)` for all, or a tenant's own for itself. */
class RegistryRepository<Item extends Named> {
  constructor(
    protected readonly tx: EntityManager,
    private readonly table: 'tool',
  ) {}

  /**
   * Makes `items` all that is on offer for the tenant of this transaction: stores or replaces by name, removes every
   * other name, leaves unchanged rows alone. Whoever replaces last decides; those who replace at once follow each other,
   * so that what is left is what one of them offered and never a mixture.
   */
  protected async replaceRows(items: readonly Named[]): Promise<void> {
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
      `SELECT DISTINCT ON (name) body FROM ${this.table} WHERE NOT name LIKE '${VERIFIER}%' ORDER BY name, tenant_id = gk_tenant() DESC`,
    );
    return found.map(({ body }) => body);
  }
}

/** The tools on offer. */
export class ToolRepository extends RegistryRepository<ToolDescriptor> {
  constructor(tx: EntityManager) {
    super(tx, 'tool');
  }

  /**
   * Makes these all that is on offer for the tenant of this transaction, as `replaceRows` says.
   *
   * @param verifiers names of the verifiers that workers have; packs may ask for these alone
   */
  async replaceAll(tools: readonly ToolDescriptor[], verifiers: readonly string[] = []): Promise<void> {
    await this.replaceRows([...tools, ...verifiers.map((name) => ({ name: `${VERIFIER}${name}`, version: '' }))]);
  }

  /** The names of the verifiers that workers have told of; empty before any of them did. One statement. */
  async verifiers(): Promise<string[]> {
    const found = await rows<{ name: string }>(
      this.tx,
      `SELECT DISTINCT name FROM tool WHERE name LIKE '${VERIFIER}%' ORDER BY name`,
    );
    return found.map(({ name }) => name.slice(VERIFIER.length));
  }
}
