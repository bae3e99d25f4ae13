import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Functions whose statements find observations by key. With its month as a value each execution would be planned anew, since that
 * spares it a look at the other partitions; planning costs ten times that look.
 */
const BY_KEY = [
  'gk_save_analyses(uuid, jsonb)',
  'gk_begin_call(uuid, uuid, jsonb)',
  'gk_finish_call(uuid, uuid, jsonb)',
  'gk_plan_state(uuid, uuid, jsonb)',
  'gk_goal_lessons(uuid, uuid, jsonb)',
];

/** Statements of the hot path are planned once a connection, and not again for every call. */
export class PlanOnce1763870417000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const name of BY_KEY) await db.query(`ALTER FUNCTION ${name} SET plan_cache_mode = force_generic_plan`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const name of BY_KEY) await db.query(`ALTER FUNCTION ${name} RESET plan_cache_mode`);
  }
}
