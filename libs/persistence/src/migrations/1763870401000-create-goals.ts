import type { MigrationInterface, QueryRunner } from 'typeorm';

const GOALS = `
  CREATE TABLE goal (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL REFERENCES tenant,
    objective text NOT NULL,
    task jsonb,
    priority text NOT NULL CHECK (priority IN ('high', 'normal', 'low')),
    deadline timestamptz,
    max_steps integer NOT NULL CHECK (max_steps > 0),
    parallelism integer NOT NULL CHECK (parallelism > 0),
    dependency_policy text NOT NULL CHECK (dependency_policy IN ('fail', 'skip', 'ask')),
    state text NOT NULL CHECK (state IN ('queued', 'planning', 'running', 'waiting_dependency', 'waiting_input',
      'waiting_approval', 'paused', 'cancelling', 'succeeded', 'failed', 'cancelled', 'timed_out', 'budget_exceeded')),
    failure jsonb,
    verified boolean NOT NULL DEFAULT false,
    progress double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    event_seq bigint NOT NULL DEFAULT 0,
    calls_made integer NOT NULL DEFAULT 0,
    plan_revision integer NOT NULL DEFAULT 0,
    month date NOT NULL,
    result jsonb,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz NOT NULL,
    CHECK (verified OR state <> 'succeeded'),
    CHECK ((finished_at IS NOT NULL) = (state IN ('succeeded', 'failed', 'cancelled', 'timed_out', 'budget_exceeded')))
  ) WITH (fillfactor = 60);
  CREATE INDEX goal_by_creation ON goal (tenant_id, created_at DESC, id DESC);
  CREATE INDEX goal_unfinished ON goal (id) WHERE finished_at IS NULL;
  SELECT gk_protect('goal');

  CREATE TABLE goal_dependency (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL REFERENCES goal ON DELETE CASCADE,
    depends_on uuid NOT NULL REFERENCES goal,
    position integer NOT NULL,
    PRIMARY KEY (goal_id, depends_on),
    CHECK (goal_id <> depends_on)
  );
  CREATE INDEX goal_dependency_backwards ON goal_dependency (depends_on);
  SELECT gk_protect('goal_dependency');`;

const EVENTS_AND_OBSERVATIONS = `
  CREATE TABLE goal_event (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    seq bigint NOT NULL,
    month date NOT NULL,
    type text NOT NULL,
    step_id text,
    actor text NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (goal_id, seq, month)
  ) PARTITION BY RANGE (month);
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON goal_event FOR EACH ROW EXECUTE FUNCTION gk_refuse_change();
  SELECT gk_protect('goal_event');

  CREATE TABLE observation (
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    step_id text NOT NULL,
    call_no integer NOT NULL,
    month date NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('success', 'partial', 'failure', 'uncertain')),
    body jsonb NOT NULL,
    analysis jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (goal_id, step_id, call_no, month)
  ) PARTITION BY RANGE (month);
  SELECT gk_protect('observation');`;

const FUNCTIONS = `
  -- Makes the partitions of a month where they are missing. True when this transaction made one, so that they would
  -- go with it. The new table gets its walls first and is attached then: attaching does not hold up other writers.
  CREATE FUNCTION ensure_goal_partitions(of_month date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    first_day date := date_trunc('month', of_month)::date;
    next_month date := (date_trunc('month', of_month) + interval '1 month')::date;
    parent text;
    child text;
    maker xid;
    made boolean := false;
  BEGIN
    FOREACH parent IN ARRAY ARRAY['goal_event', 'observation'] LOOP
      child := parent || to_char(first_day, '_YYYY_MM');
      SELECT xmin INTO maker FROM pg_class WHERE relname = child AND relnamespace = 'public'::regnamespace;
      IF NOT FOUND THEN
        PERFORM pg_advisory_xact_lock(hashtext('goalkeeper.partitions'));
        SELECT xmin INTO maker FROM pg_class WHERE relname = child AND relnamespace = 'public'::regnamespace;
      END IF;
      IF FOUND THEN
        made := made OR maker = pg_current_xact_id()::xid;
        CONTINUE;
      END IF;
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
      PERFORM gk_protect(child::regclass);
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, first_day, next_month);
      made := true;
    END LOOP;
    RETURN made;
  END $$;

  CREATE FUNCTION gk_unfinished_goals(older_than interval, at_most integer, after_id uuid)
  RETURNS TABLE (goal_id uuid, tenant_id uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    PERFORM set_config('gk.system', 'on', true);
    RETURN QUERY
      SELECT g.id, g.tenant_id FROM goal g
      WHERE g.finished_at IS NULL AND g.updated_at < now() - older_than AND (after_id IS NULL OR g.id > after_id)
      ORDER BY g.id LIMIT at_most;
    PERFORM set_config('gk.system', '', true);
  END $$;

  REVOKE EXECUTE ON FUNCTION ensure_goal_partitions(date) FROM PUBLIC;
  REVOKE EXECUTE ON FUNCTION gk_unfinished_goals(interval, integer, uuid) FROM PUBLIC;`;

/**
 * Goals, what they depend on, and their events. Events are partitioned by the month in which their goal was accepted;
 * that month is part of the key, since a unique index across partitions needs it.
 */
export class CreateGoals1763870401000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [GOALS, EVENTS_AND_OBSERVATIONS, FUNCTIONS]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_unfinished_goals(interval, integer, uuid);
      DROP FUNCTION ensure_goal_partitions(date);
      DROP TABLE observation, goal_event, goal_dependency, goal;
    `);
  }
}
