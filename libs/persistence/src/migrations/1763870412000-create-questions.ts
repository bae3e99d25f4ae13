import type { MigrationInterface, QueryRunner } from 'typeorm';

const QUESTIONS = `
  CREATE TABLE question (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL REFERENCES goal ON DELETE CASCADE,
    key text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    choices jsonb NOT NULL,
    answer_schema jsonb,
    on_expiry jsonb NOT NULL,
    context jsonb NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    answered_at timestamptz,
    answer jsonb,
    answered_by text,
    applied_at timestamptz,
    UNIQUE (goal_id, key),
    CHECK ((answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by IS NULL))
  );
  CREATE INDEX question_open ON question (tenant_id, expires_at) WHERE answered_at IS NULL;
  SELECT gk_protect('question');

  -- A goal that nobody may be asked for takes what its questions name as their default; nulls: as if nothing was said.
  ALTER TABLE goal ADD COLUMN may_ask boolean, ADD COLUMN answer_within_ms bigint CHECK (answer_within_ms > 0);`;

/** What goals ask people: a question is asked once under its key and answered once. */
export class CreateQuestions1763870412000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(QUESTIONS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE goal DROP COLUMN may_ask, DROP COLUMN answer_within_ms; DROP TABLE question');
  }
}
