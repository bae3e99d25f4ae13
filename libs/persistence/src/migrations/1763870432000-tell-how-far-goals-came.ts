import type { MigrationInterface, QueryRunner } from 'typeorm';

const WAY = `
  -- What a goal turned out to mean and how far it came: the task and pack of its latest plan, the steps of that plan and those that
  -- succeeded, its success predicates, and the checks of them with those that found something else. Null before the first plan.
  -- What is counted is left out where the goal was verified: nothing is left to count.
  CREATE FUNCTION gk_goal_way(p_goal uuid, p_revision integer, p_verified boolean) RETURNS jsonb STABLE LANGUAGE plpgsql AS $$
  BEGIN
    IF p_revision = 0 THEN RETURN NULL; END IF;
    IF p_verified THEN
      RETURN (SELECT jsonb_build_object('task', p.task, 'pack', p.pack) FROM plan p
        WHERE p.goal_id = p_goal AND p.revision = p_revision);
    END IF;
    RETURN (SELECT jsonb_build_object('task', p.task, 'pack', p.pack, 'predicates', p.predicates,
        'steps', (SELECT count(*) FROM step s WHERE s.goal_id = p_goal AND s.revision = p_revision),
        'done', (SELECT count(*) FROM step s WHERE s.goal_id = p_goal AND s.revision = p_revision AND s.state = 'succeeded'))
      || coalesce((SELECT jsonb_build_object('checks', jsonb_array_length(v.evidence),
          'broken', (SELECT count(*) FROM jsonb_array_elements(v.evidence) AS e (item) WHERE NOT (e.item->>'holds')::boolean))
        FROM verification v WHERE v.goal_id = p_goal AND v.revision = p_revision), '{}')
      FROM plan p WHERE p.goal_id = p_goal AND p.revision = p_revision);
  END $$;`;

/**
 * @param way SQL: what is added to the answer
 */
function getGoal(way: string): string {
  return `
  -- A goal's row with the ids it depends on, in the order they were given; null when the tenant has none of that id.
  CREATE OR REPLACE FUNCTION gk_get_goal(p_tenant uuid, p_goal uuid, p_ask jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM gk_bind(p_tenant);
    RETURN (SELECT to_jsonb(g) || jsonb_build_object('depends_on', ARRAY(
      SELECT d.depends_on FROM goal_dependency d WHERE d.goal_id = g.id ORDER BY d.position)${way}) FROM goal g WHERE g.id = p_goal);
  END $$;`;
}

/**
 * Readers of a goal are told the task that its words were taken for and how far it is. What they need of a plan stands beside it: a
 * plan may take a megabyte, and lists show hundreds of goals.
 */
export class TellHowFarGoalsCame1763870432000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE plan
        ADD COLUMN task jsonb GENERATED ALWAYS AS (body->'task') STORED,
        ADD COLUMN pack jsonb GENERATED ALWAYS AS (body->'pack') STORED,
        ADD COLUMN predicates integer GENERATED ALWAYS AS (jsonb_array_length(body->'success')) STORED;
    `);
    await db.query(WAY);
    await db.query(getGoal(`, 'way', gk_goal_way(g.id, g.plan_revision, g.verified)`));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(getGoal(''));
    await db.query(`
      DROP FUNCTION gk_goal_way(uuid, integer, boolean);
      ALTER TABLE plan DROP COLUMN task, DROP COLUMN pack, DROP COLUMN predicates;
    `);
  }
}
