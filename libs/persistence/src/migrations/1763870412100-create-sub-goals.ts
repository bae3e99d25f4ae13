import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Goals that goals raise: a step of the parent, called for the so-manieth time, raises one child. The parent's row lists them. */
export class CreateSubGoals1763870412100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE goal ADD COLUMN parent_id uuid REFERENCES goal, ADD COLUMN parent_step text, ADD COLUMN parent_call integer,
        ADD COLUMN depth integer NOT NULL DEFAULT 0, ADD COLUMN children jsonb NOT NULL DEFAULT '[]',
        ADD CHECK ((parent_id IS NULL) = (parent_step IS NULL) AND (parent_id IS NULL) = (parent_call IS NULL));
      CREATE UNIQUE INDEX goal_by_parent ON goal (parent_id, parent_step, parent_call) WHERE parent_id IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE goal DROP COLUMN parent_id, DROP COLUMN parent_step, DROP COLUMN parent_call, DROP COLUMN depth, DROP COLUMN children;
    `);
  }
}
