import type { MigrationInterface, QueryRunner } from 'typeorm';

const LESSONS = `
  CREATE TABLE learning_setting (
    tenant_id uuid PRIMARY KEY REFERENCES tenant,
    enabled boolean NOT NULL DEFAULT true,
    frozen boolean NOT NULL DEFAULT false,
    control_share double precision NOT NULL DEFAULT 0.08 CHECK (control_share BETWEEN 0.05 AND 0.1),
    trial_share double precision NOT NULL DEFAULT 0.5 CHECK (trial_share BETWEEN 0.05 AND 0.95),
    snapshot_id uuid,
    snapshot_seq bigint NOT NULL DEFAULT 0,
    last_run jsonb,
    updated_at timestamptz NOT NULL DEFAULT now()
  );
  SELECT gk_protect('learning_setting');

  CREATE TABLE lesson (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('tool_reliability', 'method_preference', 'macro', 'search_guidance', 'operator_repair',
      'error_recovery', 'avoid_rule', 'intent')),
    key text NOT NULL,
    status text NOT NULL CHECK (status IN ('candidate', 'shadow', 'trial', 'active', 'retired')),
    body jsonb NOT NULL,
    tasks text[] NOT NULL,
    versions jsonb NOT NULL DEFAULT '{}',
    origin text NOT NULL CHECK (origin IN ('learned', 'imported')),
    statistics jsonb NOT NULL,
    history jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tenant_id, kind, key)
  );
  SELECT gk_protect('lesson');

  CREATE TABLE lesson_source (
    tenant_id uuid NOT NULL,
    lesson_id uuid NOT NULL REFERENCES lesson ON DELETE CASCADE,
    goal_id uuid NOT NULL,
    PRIMARY KEY (lesson_id, goal_id)
  );
  CREATE INDEX lesson_source_by_goal ON lesson_source (goal_id);
  SELECT gk_protect('lesson_source');`;

const SNAPSHOTS = `
  CREATE TABLE snapshot (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    seq bigint NOT NULL,
    parent_id uuid,
    reason text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tenant_id, seq)
  );
  SELECT gk_protect('snapshot');

  CREATE TABLE snapshot_lesson (
    tenant_id uuid NOT NULL,
    snapshot_id uuid NOT NULL REFERENCES snapshot ON DELETE CASCADE,
    lesson_id uuid NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    status text NOT NULL CHECK (status IN ('trial', 'active')),
    tasks text[] NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (snapshot_id, lesson_id)
  );
  CREATE INDEX snapshot_lesson_by_lesson ON snapshot_lesson (lesson_id);
  CREATE TRIGGER immutable BEFORE UPDATE ON snapshot_lesson FOR EACH ROW EXECUTE FUNCTION gk_refuse_change();
  SELECT gk_protect('snapshot_lesson');

  CREATE TABLE trial_assignment (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    lesson_id uuid NOT NULL,
    given boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (goal_id, lesson_id)
  );
  CREATE INDEX trial_assignment_by_lesson ON trial_assignment (lesson_id);
  SELECT gk_protect('trial_assignment');

  CREATE TABLE erasure_receipt (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    episodes integer NOT NULL,
    lessons integer NOT NULL,
    snapshots integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  SELECT gk_protect('erasure_receipt');`;

const EVIDENCE = `
  ALTER TABLE goal ADD COLUMN learning jsonb;
  ALTER TABLE episode ADD COLUMN evidence jsonb;
  CREATE INDEX episode_without_evidence ON episode (tenant_id, id) WHERE evidence IS NULL;
  CREATE INDEX episode_by_time ON episode (tenant_id, created_at DESC, id DESC);

  -- The tenants for which the learning schedule has something to do: goals that ended since, or lessons that may move or expire.
  CREATE FUNCTION gk_learning_tenants() RETURNS TABLE (tenant_id uuid)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    PERFORM set_config('gk.system', 'on', true);
    RETURN QUERY SELECT t.tenant_id FROM tenant t WHERE EXISTS (SELECT FROM episode e WHERE e.tenant_id = t.tenant_id AND e.evidence IS NULL)
      OR EXISTS (SELECT FROM lesson l WHERE l.tenant_id = t.tenant_id AND l.status <> 'retired') ORDER BY t.tenant_id;
    PERFORM set_config('gk.system', '', true);
  END $$;
  REVOKE EXECUTE ON FUNCTION gk_learning_tenants() FROM PUBLIC;`;

/** Lessons with where they come from, immutable snapshots of them, trials, and what is kept of a goal to learn from. */
export class CreateLearning1763870415000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [LESSONS, SNAPSHOTS, EVIDENCE]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_learning_tenants();
      DROP INDEX episode_by_time;
      DROP INDEX episode_without_evidence;
      ALTER TABLE episode DROP COLUMN evidence;
      ALTER TABLE goal DROP COLUMN learning;
      DROP TABLE erasure_receipt, trial_assignment, snapshot_lesson, snapshot, lesson_source, lesson, learning_setting;
    `);
  }
}
