import type { MigrationInterface, QueryRunner } from 'typeorm';

const PROVENANCE = `
  -- The goals that the body of a lesson rests on as the snapshot has it: a lesson moves on, what was pinned does not. Null in
  -- snapshots of older versions: nobody noted it then.
  ALTER TABLE snapshot_lesson ADD COLUMN sources uuid[];
  ALTER TABLE erasure_receipt ADD COLUMN scope text NOT NULL DEFAULT 'memory' CHECK (scope IN ('memory', 'goal')),
    ADD COLUMN touched jsonb NOT NULL DEFAULT '{}';`;

const FORGETTING = `
  -- What rounds still learn from; evidence behind the newest is emptied.
  CREATE INDEX episode_with_evidence ON episode (tenant_id, created_at DESC, id DESC) WHERE evidence IS NOT NULL AND evidence <> '{}';
  CREATE INDEX lesson_retired ON lesson (tenant_id, updated_at) WHERE status = 'retired';`;

const EVENTS = `
  -- Events are never changed, and go with the whole of their goal alone: by the owner's own function, for the goal that it names.
  CREATE FUNCTION gk_refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'DELETE' AND current_setting('gk.erasing', true) = OLD.goal_id::text
      AND current_user = (SELECT tableowner FROM pg_tables WHERE schemaname = TG_TABLE_SCHEMA AND tablename = TG_TABLE_NAME) THEN
      RETURN OLD;
    END IF;
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
  END $$;
  DROP TRIGGER append_only ON goal_event;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON goal_event FOR EACH ROW EXECUTE FUNCTION gk_refuse_event_change();`;

const ERASING = `
  -- Takes what a finished goal of the tenant said, did and found out of every table that names goals, also of those that are made
  -- later. What stays: its row without its words, that it happened and how it ended; its effects without what they were (the ledger
  -- goes on telling that they were had); who waited for it; the audit log and the receipt. Answers how many rows of which table.
  CREATE FUNCTION gk_erase_goal(p_goal uuid) RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    own uuid := gk_tenant();
    touched jsonb := '{}';
    place text;
    gone bigint;
  BEGIN
    IF own IS NULL OR NOT EXISTS (SELECT FROM goal WHERE id = p_goal AND tenant_id = own AND finished_at IS NOT NULL) THEN
      RAISE EXCEPTION 'only a finished goal of the tenant can be erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('gk.erasing', p_goal::text, true);
    FOR place IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'goal_id'
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname NOT IN ('effect', 'goal_dependency', 'erasure_receipt') ORDER BY c.relname
    LOOP
      EXECUTE format('DELETE FROM %I WHERE goal_id = $1 AND tenant_id = $2', place) USING p_goal, own;
      GET DIAGNOSTICS gone = ROW_COUNT;
      IF gone > 0 THEN touched := touched || jsonb_build_object(place, gone); END IF;
    END LOOP;
    PERFORM set_config('gk.erasing', '', true);
    UPDATE effect SET intent = '(erased)', lineage = '', result = NULL WHERE goal_id = p_goal AND tenant_id = own;
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone > 0 THEN touched := touched || jsonb_build_object('effect', gone); END IF;
    DELETE FROM idempotency_key WHERE tenant_id = own AND strpos(response::text, replace(p_goal::text, '-', '')) > 0;
    GET DIAGNOSTICS gone = ROW_COUNT;
    IF gone > 0 THEN touched := touched || jsonb_build_object('idempotency_key', gone); END IF;
    UPDATE goal SET objective = '(erased)', task = NULL, result = NULL, event_seq = 0, plan_revision = 0, children = '[]',
      failure = CASE WHEN failure IS NULL THEN NULL
        ELSE jsonb_build_object('code', failure->'code', 'message', '(erased)', 'hint', '', 'details', '{}'::jsonb) END,
      learning = learning - 'tasks'
    WHERE id = p_goal AND tenant_id = own;
    RETURN touched || '{"goal": 1}';
  END $$;
  REVOKE EXECUTE ON FUNCTION gk_erase_goal(uuid) FROM PUBLIC;`;

/** Erasure reaches old snapshots and, where it is asked for, the goal itself; what nobody needs any more can be forgotten. */
export class EraseWithoutRest1763870431000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [PROVENANCE, FORGETTING, EVENTS, ERASING]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION gk_erase_goal(uuid);
      DROP TRIGGER append_only ON goal_event;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON goal_event FOR EACH ROW EXECUTE FUNCTION gk_refuse_change();
      DROP FUNCTION gk_refuse_event_change();
      DROP INDEX lesson_retired;
      DROP INDEX episode_with_evidence;
      ALTER TABLE erasure_receipt DROP COLUMN touched, DROP COLUMN scope;
      ALTER TABLE snapshot_lesson DROP COLUMN sources;
    `);
  }
}
