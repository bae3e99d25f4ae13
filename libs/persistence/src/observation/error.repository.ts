import type { SeenError } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { rows } from '../sql';

/** A new plan helped when the goal was verified, any other move when the step's next call worked. */
const ERRORS = `
  SELECT o.body->>'tool' AS tool, o.body->'error' AS error, o.analysis->>'next' AS move,
    CASE WHEN o.analysis->>'next' IN ('replan', 'repair') THEN g.verified ELSE coalesce((SELECT n.outcome IN ('success', 'partial')
      FROM observation n WHERE n.goal_id = o.goal_id AND n.month = o.month AND n.step_id = o.step_id AND n.call_no > o.call_no
      ORDER BY n.call_no LIMIT 1), false) END AS helped
  FROM observation o JOIN goal g ON g.id = o.goal_id AND g.month = o.month
  WHERE o.outcome IN ('failure', 'uncertain') AND o.body->'error' <> 'null'
  ORDER BY o.created_at DESC, o.goal_id, o.step_id, o.call_no LIMIT $1`;

/** What went wrong in the calls of all goals of the tenant of the transaction. */
export class ErrorRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Failed calls with what was done about them, newest first. One statement. */
  async seen(limit: number): Promise<SeenError[]> {
    return rows<SeenError>(this.tx, ERRORS, [limit]);
  }
}
