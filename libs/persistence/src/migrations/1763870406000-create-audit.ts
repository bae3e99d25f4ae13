import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who did what: a hash chain per tenant. The head row says where the chain ends, so that rows missing at its end are
 * noticed too; it is the lock under which the next row takes its number.
 */
export class CreateAudit1763870406000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE audit_entry (
        tenant_id uuid NOT NULL,
        seq bigint NOT NULL,
        created_at timestamptz NOT NULL,
        actor text NOT NULL,
        on_behalf_of text,
        action text NOT NULL,
        target text NOT NULL,
        outcome text NOT NULL,
        reason text NOT NULL,
        request_id text,
        address text,
        previous_hash text NOT NULL,
        hash text NOT NULL,
        PRIMARY KEY (tenant_id, seq)
      );
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION gk_refuse_change();
      CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION gk_refuse_change();
      SELECT gk_protect('audit_entry');

      CREATE TABLE audit_head (
        tenant_id uuid PRIMARY KEY,
        seq bigint NOT NULL,
        previous_hash text NOT NULL,
        hash text NOT NULL
      ) WITH (fillfactor = 50);
      SELECT gk_protect('audit_head');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE audit_head, audit_entry`);
  }
}
