import type { MigrationInterface, QueryRunner } from 'typeorm';

const AUDIT = `
  -- Takes the next number under the lock of the tenant's head row and chains the entry to the one before: its hash is SHA-256 of
  -- the hash before, the number and the canonical text of the entry.
  CREATE FUNCTION gk_add_audit(p_entry jsonb, p_canonical text) RETURNS audit_head LANGUAGE plpgsql AS $$
  DECLARE
    none text := repeat('0', 64);
    head audit_head;
  BEGIN
    INSERT INTO audit_head AS h (tenant_id, seq, previous_hash, hash)
    VALUES (gk_tenant(), 1, none, encode(sha256(convert_to(none || '1' || p_canonical, 'UTF8')), 'hex'))
    ON CONFLICT (tenant_id) DO UPDATE SET seq = h.seq + 1, previous_hash = h.hash,
      hash = encode(sha256(convert_to(h.hash || (h.seq + 1)::text || p_canonical, 'UTF8')), 'hex')
    RETURNING * INTO head;
    INSERT INTO audit_entry (tenant_id, seq, created_at, actor, on_behalf_of, action, target, outcome, reason, request_id, address,
      previous_hash, hash)
    VALUES (head.tenant_id, head.seq, (p_entry->>'at')::timestamptz, p_entry->>'actor', p_entry->>'onBehalfOf', p_entry->>'action',
      p_entry->>'target', p_entry->>'outcome', p_entry->>'reason', p_entry->>'requestId', p_entry->>'address',
      head.previous_hash, head.hash);
    RETURN head;
  END $$;`;

const ACCEPT = `
  -- Stores a new goal as queued with what it depends on, its first events, the entry that starts it and the line of the audit log;
  -- the line last, since others of the tenant wait for it. False, and nothing stored, when the goal is there already.
  CREATE FUNCTION gk_accept_goal(p_tenant uuid, p_goal uuid, p_new jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    accepted_at timestamptz := (p_new->>'at')::timestamptz;
    of_month date := date_trunc('month', accepted_at AT TIME ZONE 'UTC')::date;
    head audit_head;
  BEGIN
    PERFORM gk_bind(p_tenant);
    IF to_regclass('public.observation' || to_char(of_month, '_YYYY_MM')) IS NULL THEN
      PERFORM ensure_goal_partitions(of_month);
    END IF;
    INSERT INTO goal (id, tenant_id, objective, task, priority, deadline, max_steps, parallelism, dependency_policy, state, month,
      created_at, updated_at)
    VALUES (p_goal, p_tenant, p_new->>'objective', nullif(p_new->'task', 'null'::jsonb), p_new->>'priority',
      (p_new->>'deadline')::timestamptz, (p_new->>'maxSteps')::integer, (p_new->>'parallelism')::integer,
      p_new->>'dependencyPolicy', 'queued', of_month, accepted_at, accepted_at)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN RETURN to_jsonb(false); END IF;
    INSERT INTO goal_dependency (tenant_id, goal_id, depends_on, position)
    SELECT p_tenant, p_goal, d.id::uuid, d.n FROM jsonb_array_elements_text(p_new->'dependsOn') WITH ORDINALITY AS d (id, n)
    ON CONFLICT DO NOTHING;
    IF jsonb_array_length(p_new->'events') > 0 THEN PERFORM gk_append_events(p_goal, p_new->'events', '{}'); END IF;
    IF p_new ? 'holdMs' THEN
      INSERT INTO outbox (id, tenant_id, goal_id, kind, payload, due_at)
      VALUES (p_goal, p_tenant, p_goal, 'start', '{}', clock_timestamp() + (p_new->>'holdMs')::integer * interval '1 millisecond');
    END IF;
    IF p_new ? 'audit' THEN head := gk_add_audit(p_new->'audit'->'entry', p_new->'audit'->>'canonical'); END IF;
    RETURN to_jsonb(true);
  END $$;

  -- Takes delivered entries out of the tenant's outbox.
  CREATE FUNCTION gk_outbox_delivered(p_tenant uuid, p_goal uuid, p_ids jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM gk_bind(p_tenant);
    DELETE FROM outbox WHERE id = ANY (ARRAY(SELECT jsonb_array_elements_text(p_ids)::uuid)) AND goal_id = p_goal;
    RETURN to_jsonb(true);
  END $$;

  -- A goal's row with the ids it depends on, in the order they were given; null when the tenant has none of that id.
  CREATE FUNCTION gk_get_goal(p_tenant uuid, p_goal uuid, p_ask jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM gk_bind(p_tenant);
    RETURN (SELECT to_jsonb(g) || jsonb_build_object('depends_on', ARRAY(
      SELECT d.depends_on FROM goal_dependency d WHERE d.goal_id = g.id ORDER BY d.position)) FROM goal g WHERE g.id = p_goal);
  END $$;`;

/** What gk_outbox_delivered replaces. */
const OUTBOX_DONE = `
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
  REVOKE EXECUTE ON FUNCTION gk_outbox_done(uuid[]) FROM PUBLIC;`;

/** The hot path of a request as functions: a goal is accepted, handed over and looked at with one statement each. */
export class CreateRequestFunctions1763870409000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [AUDIT, ACCEPT, 'DROP FUNCTION gk_outbox_done(uuid[])']) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_get_goal(uuid, uuid, jsonb);
      DROP FUNCTION gk_outbox_delivered(uuid, uuid, jsonb);
      DROP FUNCTION gk_accept_goal(uuid, uuid, jsonb);
      DROP FUNCTION gk_add_audit(jsonb, text);
      ${OUTBOX_DONE}
    `);
  }
}
