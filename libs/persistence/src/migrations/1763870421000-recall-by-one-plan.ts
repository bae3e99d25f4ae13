import type { MigrationInterface, QueryRunner } from 'typeorm';

const delivered = (lazily: string): string => `
  -- Takes delivered entries out of the tenant's outbox.
  CREATE OR REPLACE FUNCTION gk_outbox_delivered(p_tenant uuid, p_goal uuid, p_ids jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM gk_bind(p_tenant);
    ${lazily}
    DELETE FROM outbox WHERE id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_ids)::uuid)) AND goal_id = p_goal;
    RETURN to_jsonb(true);
  END $$;`;

/** An entry that comes back after a crash is delivered again, which its receiver knows: nobody waits for the disk. */
const LAZILY = `PERFORM set_config('synchronous_commit', 'off', true);`;

/**
 * Recall asks many statements that PostgreSQL would plan anew for every goal, at twice the cost of running them; their plans do not
 * depend on what is asked. And a delivered entry of the outbox leaves it without a wait.
 */
export class RecallByOnePlan1763870421000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER FUNCTION gk_recall(uuid, uuid, jsonb) SET plan_cache_mode = force_generic_plan`);
    await db.query(delivered(LAZILY));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(delivered(''));
    await db.query(`ALTER FUNCTION gk_recall(uuid, uuid, jsonb) RESET plan_cache_mode`);
  }
}
