import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = `
  CREATE TABLE goal_command (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL REFERENCES goal ON DELETE CASCADE,
    kind text NOT NULL,
    reason text NOT NULL,
    payload jsonb,
    requested_by text NOT NULL,
    state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'applied', 'refused')),
    answer jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz
  );
  CREATE INDEX goal_command_by_goal ON goal_command (goal_id, created_at);
  CREATE INDEX goal_command_open ON goal_command (goal_id) WHERE state = 'requested';
  SELECT gk_protect('goal_command');

  CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    goal_id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX outbox_due ON outbox (due_at, id);
  SELECT gk_protect('outbox');`;

const FUNCTIONS = `
  CREATE FUNCTION gk_outbox_due(at_most integer, lease interval) RETURNS SETOF outbox
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    PERFORM set_config('gk.system', 'on', true);
    RETURN QUERY
      UPDATE outbox o SET due_at = clock_timestamp() + lease, attempts = o.attempts + 1
      FROM (SELECT id FROM outbox WHERE due_at <= clock_timestamp() ORDER BY due_at, id
            LIMIT at_most FOR UPDATE SKIP LOCKED) AS due
      WHERE o.id = due.id RETURNING o.*;
    PERFORM set_config('gk.system', '', true);
  END $$;

  -- Inside a tenant's transaction these touch that tenant's rows alone.
  CREATE FUNCTION gk_outbox_done(ids uuid[]) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE gone bigint;
  BEGIN
    PERFORM set_config('gk.system', 'on', true);
    DELETE FROM outbox WHERE id = ANY (ids) AND (gk_tenant() IS NULL OR tenant_id = gk_tenant());
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('gk.system', '', true);
    RETURN gone;
  END $$;

  CREATE FUNCTION gk_outbox_failed(entry uuid, problem text, wait interval) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    PERFORM set_config('gk.system', 'on', true);
    UPDATE outbox SET due_at = clock_timestamp() + wait, last_error = problem
    WHERE id = entry AND (gk_tenant() IS NULL OR tenant_id = gk_tenant());
    PERFORM set_config('gk.system', '', true);
  END $$;

  REVOKE EXECUTE ON FUNCTION gk_outbox_due(integer, interval) FROM PUBLIC;
  REVOKE EXECUTE ON FUNCTION gk_outbox_done(uuid[]) FROM PUBLIC;
  REVOKE EXECUTE ON FUNCTION gk_outbox_failed(uuid, text, interval) FROM PUBLIC;`;

/**
 * Commands to goals, and the outbox from which workflows are started and told: a row is leased to whoever takes it and
 * comes back when the lease ends, so that a crashed sweeper loses nothing and two never hold one row.
 */
export class CreateCommands1763870404000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [TABLES, FUNCTIONS]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_outbox_failed(uuid, text, interval);
      DROP FUNCTION gk_outbox_done(uuid[]);
      DROP FUNCTION gk_outbox_due(integer, interval);
      DROP TABLE outbox, goal_command;
    `);
  }
}
