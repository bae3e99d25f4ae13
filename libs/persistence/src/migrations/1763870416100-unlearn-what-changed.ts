import type { MigrationInterface, QueryRunner } from 'typeorm';
import { learnTools } from './1763870414000-fade-tool-records';

/** Difference between the share of successes that is known and the one that was seen from which a record is doubted. */
const SURPRISE = 0.5;

const KEPT = `
  -- Part of a record that stays when a goal saw otherwise than it says: 1 up to a difference of the shares of successes of SURPRISE,
  -- 1 - SURPRISE where all failed what always worked or the other way round.
  CREATE FUNCTION gk_kept(p_known double precision, p_calls double precision, p_seen double precision, p_new_calls double precision)
  RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN p_calls > 0 AND p_new_calls > 0
    THEN 1 - greatest(0, abs(p_known / p_calls - p_seen / p_new_calls) - SURPRISE) ELSE 1 END;`.replaceAll(
  'SURPRISE',
  String(SURPRISE),
);

const STAYS =
  'gk_kept(t.successes, t.successes + t.failures, excluded.successes, excluded.successes + excluded.failures)';

/** A tool that turned around is seen to have turned within a few goals: what contradicts its record makes the record weigh less. */
export class UnlearnWhatChanged1763870416100 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const sql of [KEPT, learnTools(STAYS)]) await db.query(sql);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const sql of [learnTools('1'), 'DROP FUNCTION gk_kept']) await db.query(sql);
  }
}
