import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Finished goals as memory keeps them, and what tools and methods have shown so far. */
export class CreateMemory1763870403000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE episode (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        goal_id uuid NOT NULL UNIQUE,
        objective text NOT NULL,
        task_name text NOT NULL,
        task jsonb NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('verified', 'failed')),
        methods jsonb NOT NULL,
        words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('english', objective)) STORED,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX episode_words ON episode USING gin (words);
      CREATE INDEX episode_by_task ON episode (tenant_id, task_name, created_at DESC);
      SELECT gk_protect('episode');

      CREATE TABLE tool_stat (
        tenant_id uuid NOT NULL,
        tool text NOT NULL,
        successes bigint NOT NULL DEFAULT 0,
        failures bigint NOT NULL DEFAULT 0,
        duration_ms double precision NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, tool)
      ) WITH (fillfactor = 60);
      SELECT gk_protect('tool_stat');

      CREATE TABLE method_stat (
        tenant_id uuid NOT NULL,
        task text NOT NULL,
        method text NOT NULL,
        successes bigint NOT NULL DEFAULT 0,
        failures bigint NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, task, method)
      ) WITH (fillfactor = 60);
      SELECT gk_protect('method_stat');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP TABLE method_stat, tool_stat, episode`);
  }
}
