import { createHash } from 'node:crypto';
import { canonicalJson, type DomainPack, type Json } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, row, rows } from '../sql';

/** A pack on offer, with the digest of its content and where it came from. */
export interface PackRecord {
  readonly pack: DomainPack;
  readonly digest: string;
  /** `worker`: shipped, a plug-in's, or of a folder; `upload`: brought in by the tenant. */
  readonly source: 'worker' | 'upload';
  readonly updatedAt: Date;
}

/** A folder that cannot be used, and why. */
export interface PackFault {
  readonly place: string;
  readonly problems: readonly PackProblem[];
}

export interface PackProblem {
  /** JSON path into the file, or `line:column`; empty for the folder as a whole. */
  readonly at: string;
  readonly file?: string;
  readonly message: string;
}

const digests = new WeakMap<DomainPack, string>();

/** SHA-256 of the pack's canonical JSON: the same content has the same digest, whatever the order of its keys. */
export function packDigest(pack: DomainPack): string {
  const known = digests.get(pack);
  if (known !== undefined) return known;
  const digest = createHash('sha256')
    .update(canonicalJson(pack as unknown as Json))
    .digest('hex');
  digests.set(pack, digest);
  return digest;
}

const REVISE = `INSERT INTO pack_revision (tenant_id, name, digest, version, body)
  SELECT gk_tenant(), i.item->'body'->>'name', i.item->>'digest', i.item->'body'->>'version', i.item->'body'
  FROM jsonb_array_elements($1::jsonb) AS i (item) ON CONFLICT DO NOTHING`;

/** Domain packs: what is on offer, every content that ever was, and folders that cannot be used. */
export class PackRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Makes `packs` all that workers offer to the tenant of this transaction, see `ToolRepository.replaceAll`. What the tenant
   * uploaded stays. Contents are kept as revisions.
   */
  async replaceAll(packs: readonly DomainPack[]): Promise<void> {
    await rows(this.tx, `SELECT pg_advisory_xact_lock(hashtext('goalkeeper.pack'), hashtext(gk_tenant()::text))`);
    const items = json(packs.map((body) => ({ body, digest: packDigest(body) })));
    await rows(
      this.tx,
      `WITH item AS (
         SELECT i.item->'body' AS body, i.item->'body'->>'name' AS name, i.item->>'digest' AS digest
         FROM jsonb_array_elements($1::jsonb) AS i (item)),
       gone AS (DELETE FROM pack WHERE tenant_id = gk_tenant() AND source = 'worker' AND name NOT IN (SELECT name FROM item))
       INSERT INTO pack (tenant_id, name, version, body, digest)
       SELECT gk_tenant(), name, body->>'version', body, digest FROM item ORDER BY name
       ON CONFLICT (tenant_id, name) DO UPDATE
         SET version = excluded.version, body = excluded.body, digest = excluded.digest, updated_at = now()
       WHERE pack.source = 'worker' AND (pack.body <> excluded.body OR pack.digest <> excluded.digest)`,
      [items],
    );
    await rows(this.tx, REVISE, [items]);
  }

  /**
   * Stores a pack of the tenant's own. The same version with another content is refused, for a goal may be pinned to it.
   *
   * @returns `stored`; `unchanged` when it was there already; `conflict` when this version has another content
   */
  async upload(pack: DomainPack): Promise<'stored' | 'unchanged' | 'conflict'> {
    await rows(this.tx, `SELECT pg_advisory_xact_lock(hashtext('goalkeeper.pack'), hashtext(gk_tenant()::text))`);
    const digest = packDigest(pack);
    const known = await row<{ digest: string }>(
      this.tx,
      `SELECT digest FROM pack_revision WHERE tenant_id = gk_tenant() AND name = $1 AND version = $2 AND digest <> $3 LIMIT 1`,
      [pack.name, pack.version, digest],
    );
    if (known) return 'conflict';
    const current = await row<{ digest: string }>(
      this.tx,
      `SELECT digest FROM pack WHERE tenant_id = gk_tenant() AND name = $1`,
      [pack.name],
    );
    if (current?.digest === digest) return 'unchanged';
    await rows(this.tx, REVISE, [json([{ body: pack, digest }])]);
    await rows(
      this.tx,
      `INSERT INTO pack (tenant_id, name, version, body, digest, source) VALUES (gk_tenant(), $1, $2, $3::jsonb, $4, 'upload')
       ON CONFLICT (tenant_id, name) DO UPDATE SET version = excluded.version, body = excluded.body,
         digest = excluded.digest, source = excluded.source, updated_at = now()`,
      [pack.name, pack.version, json(pack), digest],
    );
    return 'stored';
  }

  /** Takes a pack of the tenant's own off the offer; its revisions stay for goals that are pinned to them. */
  async remove(name: string): Promise<boolean> {
    const gone = await rows(
      this.tx,
      `DELETE FROM pack WHERE tenant_id = gk_tenant() AND name = $1 AND source = 'upload' RETURNING name`,
      [name],
    );
    return gone.length > 0;
  }

  /** The tenant's own and the shared ones, by name; a tenant's own hides a shared one of its name. One statement. */
  async records(): Promise<PackRecord[]> {
    const found = await rows<PackRowData>(
      this.tx,
      `SELECT DISTINCT ON (name) body, digest, source, updated_at FROM pack ORDER BY name, tenant_id = gk_tenant() DESC`,
    );
    return found.map(toRecord);
  }

  async list(): Promise<DomainPack[]> {
    return (await this.records()).map(({ pack }) => pack);
  }

  /** What the tenant itself uploaded. */
  async own(): Promise<PackRecord[]> {
    const found = await rows<PackRowData>(
      this.tx,
      `SELECT body, digest, source, updated_at FROM pack WHERE tenant_id = gk_tenant() AND source = 'upload' ORDER BY name`,
    );
    return found.map(toRecord);
  }

  /** A content that is or was on offer; null when it never was. */
  async revision(name: string, digest: string): Promise<DomainPack | null> {
    const found = await row<{ body: DomainPack }>(
      this.tx,
      `SELECT body FROM pack_revision WHERE name = $1 AND digest = $2 ORDER BY tenant_id = gk_tenant() DESC LIMIT 1`,
      [name, digest],
    );
    return found?.body ?? null;
  }

  /** Versions of a pack, newest first. */
  async versions(name: string): Promise<{ version: string; digest: string; createdAt: Date }[]> {
    return rows(
      this.tx,
      `SELECT DISTINCT ON (created_at, digest) version, digest, created_at AS "createdAt" FROM pack_revision
       WHERE name = $1 ORDER BY created_at DESC, digest LIMIT 100`,
      [name],
    );
  }

  /** Makes these all the folders that cannot be used. */
  async replaceFaults(faults: readonly PackFault[]): Promise<void> {
    await rows(
      this.tx,
      `WITH item AS (SELECT i.item->>'place' AS place, i.item->'problems' AS problems FROM jsonb_array_elements($1::jsonb) AS i (item)),
       gone AS (DELETE FROM pack_fault WHERE tenant_id = gk_tenant() AND place NOT IN (SELECT place FROM item))
       INSERT INTO pack_fault (tenant_id, place, problems) SELECT gk_tenant(), place, problems FROM item
       ON CONFLICT (tenant_id, place) DO UPDATE SET problems = excluded.problems, updated_at = now()
       WHERE pack_fault.problems <> excluded.problems`,
      [json(faults)],
    );
  }

  async faults(): Promise<PackFault[]> {
    return rows<PackFault>(this.tx, `SELECT place, problems FROM pack_fault ORDER BY place`);
  }
}

interface PackRowData {
  body: DomainPack;
  digest: string;
  source: PackRecord['source'];
  updated_at: Date;
}

function toRecord({ body, digest, source, updated_at: updatedAt }: PackRowData): PackRecord {
  return { pack: body, digest, source, updatedAt };
}
