import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * @param why SQL: what else the pin says
 */
function pinning(why: string): string {
  return `
  -- On which side of the comparison a goal is and why, which snapshot it uses, and the tasks whose lessons it is given. Decided once:
  -- what is pinned in the goal's row stays. Somebody who asks without a goal (a plan that is only shown) is on the side that uses lessons.
  CREATE OR REPLACE FUNCTION gk_pin_learning(p_goal uuid, p_query jsonb, p_tasks text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    pin jsonb;
    is_goal boolean;
    s learning_setting;
  BEGIN
    SELECT learning INTO pin FROM goal WHERE id = p_goal;
    is_goal := FOUND;
    IF pin IS NOT NULL THEN RETURN pin; END IF;
    SELECT * INTO s FROM learning_setting WHERE tenant_id = gk_tenant();
    pin := jsonb_build_object('snapshotId', s.snapshot_id, 'tasks', to_jsonb(p_tasks), 'arm', CASE
      WHEN NOT coalesce(s.enabled, true) THEN 'off'
      WHEN p_query->>'arm' IS NOT NULL THEN p_query->>'arm'
      WHEN is_goal AND gk_draw('control ' || p_goal) < coalesce(s.control_share, 0.08) THEN 'off'
      ELSE 'on' END)${why};
    IF is_goal AND pin->>'arm' = 'on' THEN
      INSERT INTO trial_assignment (tenant_id, goal_id, lesson_id, given)
      SELECT gk_tenant(), p_goal, l.lesson_id, gk_draw('trial ' || p_goal || l.lesson_id) < s.trial_share FROM snapshot_lesson l
      WHERE l.snapshot_id = s.snapshot_id AND l.status = 'trial' AND (p_tasks = '{}' OR l.kind = 'intent' OR l.tasks && p_tasks)
      ON CONFLICT DO NOTHING;
    END IF;
    RETURN pin;
  END $$;`;
}

const WHY = ` || jsonb_build_object('why', CASE
      WHEN NOT coalesce(s.enabled, true) THEN 'disabled' WHEN p_query->>'arm' IS NOT NULL THEN 'asked' ELSE 'drawn' END)`;

/** A goal that runs without what was learned because somebody said so is no part of the control share. */
export class SayWhyUntaught1763870420100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(pinning(WHY));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(pinning(''));
  }
}
