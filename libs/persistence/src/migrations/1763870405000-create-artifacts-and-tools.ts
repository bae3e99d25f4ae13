import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files in and out, and the packs and tools on offer. Rows of the all-zero tenant are shared: seen by everyone. */
export class CreateArtifactsAndTools1763870405000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE artifact (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        goal_id uuid,
        step_id text,
        name text NOT NULL,
        media_type text NOT NULL,
        size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
        sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
        direction text NOT NULL CHECK (direction IN ('in', 'out')),
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX artifact_of_goal ON artifact (goal_id, name, sha256, direction)
        WHERE goal_id IS NOT NULL;
      CREATE INDEX artifact_by_content ON artifact (tenant_id, sha256);
      SELECT gk_protect('artifact');

      CREATE TABLE pack (
        tenant_id uuid NOT NULL,
        name text NOT NULL,
        version text NOT NULL,
        body jsonb NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, name)
      );
      SELECT gk_protect('pack');

      CREATE TABLE tool (
        tenant_id uuid NOT NULL,
        name text NOT NULL,
        version text NOT NULL,
        body jsonb NOT NULL,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, name)
      );
      SELECT gk_protect('tool');

      CREATE POLICY shared_rows ON pack FOR SELECT USING (tenant_id = '00000000-0000-0000-0000-000000000000');
      CREATE POLICY shared_rows ON tool FOR SELECT USING (tenant_id = '00000000-0000-0000-0000-000000000000');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE tool, pack, artifact`);
  }
}
