import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets housekeeping find the tenants whose calibration has something new to learn from, and the newest decisions of one. */
export class ListTenantsToCalibrate1763870414100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX decision_by_time ON decision (tenant_id, created_at DESC);

      CREATE FUNCTION gk_tenants_to_calibrate() RETURNS TABLE (tenant_id uuid)
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      BEGIN
        PERFORM set_config('gk.system', 'on', true);
        RETURN QUERY SELECT t.tenant_id FROM tenant t LEFT JOIN calibration c ON c.tenant_id = t.tenant_id
          WHERE EXISTS (SELECT FROM decision d WHERE d.tenant_id = t.tenant_id
            AND d.created_at > coalesce(c.fitted_at, '-infinity'::timestamptz));
        PERFORM set_config('gk.system', '', true);
      END $$;
      REVOKE EXECUTE ON FUNCTION gk_tenants_to_calibrate() FROM PUBLIC;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP FUNCTION gk_tenants_to_calibrate(); DROP INDEX decision_by_time`);
  }
}
