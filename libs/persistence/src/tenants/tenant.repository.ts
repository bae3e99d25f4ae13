import type { EntityManager } from 'typeorm';
import { rows, text } from '../sql';

/** The tenant of a fresh installation. */
export const DEFAULT_TENANT_ID = '00000000-0000-7000-8000-000000000001';
/** Owns the rows that everyone may see: packs and tools that come with the installation. */
export const SHARED_TENANT_ID = '00000000-0000-0000-0000-000000000000';

export interface Tenant {
  readonly id: string;
  readonly name: string;
}

export class TenantRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Adds a tenant; use it inside `Database.tenant(id, …)` of that very id. One statement; repeats are harmless. */
  async add(tenant: Tenant): Promise<void> {
    await rows(this.tx, 'INSERT INTO tenant (tenant_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      tenant.id,
      text(tenant.name),
    ]);
  }

  /** Makes sure the default tenant is there; use it inside `Database.tenant(DEFAULT_TENANT_ID, …)`. One statement. */
  async ensureDefault(): Promise<Tenant> {
    const tenant = { id: DEFAULT_TENANT_ID, name: 'default' };
    await this.add(tenant);
    return tenant;
  }

  /** The tenant of this transaction, or null. One statement. */
  async current(): Promise<Tenant | null> {
    return (await rows<Tenant>(this.tx, 'SELECT tenant_id AS id, name FROM tenant'))[0] ?? null;
  }
}
