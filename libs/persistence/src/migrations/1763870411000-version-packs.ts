import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Packs come from workers and from uploads, and change: every content that was ever on offer is kept under its digest, so that a
 * goal goes on with the pack it was planned with. Folders that cannot be used are kept with what is wrong with them.
 */
export class VersionPacks1763870411000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE pack
        ADD COLUMN digest text NOT NULL DEFAULT '',
        ADD COLUMN source text NOT NULL DEFAULT 'worker' CHECK (source IN ('worker', 'upload'));

      CREATE TABLE pack_revision (
        tenant_id uuid NOT NULL,
        name text NOT NULL,
        digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
        version text NOT NULL,
        body jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, name, digest)
      );
      SELECT gk_protect('pack_revision');

      CREATE TABLE pack_fault (
        tenant_id uuid NOT NULL,
        place text NOT NULL,
        problems jsonb NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, place)
      );
      SELECT gk_protect('pack_fault');

      CREATE POLICY shared_rows ON pack_revision FOR SELECT USING (tenant_id = '00000000-0000-0000-0000-000000000000');
      CREATE POLICY shared_rows ON pack_fault FOR SELECT USING (tenant_id = '00000000-0000-0000-0000-000000000000');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE pack_fault, pack_revision; ALTER TABLE pack DROP COLUMN source, DROP COLUMN digest`);
  }
}
