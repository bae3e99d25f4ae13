import {
  DEFAULT_SETTINGS,
  type FinishedGoal,
  type GoalEvidence,
  type JsonObject,
  type LearningSettings,
  type LessonRecord,
  type Plan,
  type SolvedGoal,
  type TrialAssignment,
} from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { newId } from '../ids';
import { json, row, rows } from '../sql';
import { ForgettingRepository } from './forgetting.repository';
import { type LearningState, LESSON_COLUMNS, type LessonColumns, SETTING_COLUMNS, toRecord } from './lesson-row';

/** A goal that ended, as the store has it; without a plan it teaches nothing. */
export type UnreadGoal = Omit<FinishedGoal, 'taint' | 'versions' | 'plan'> & { readonly plan: Plan | null };

/** What one round of learning reads and writes, all in the transaction that holds the tenant's learning. */
export class LearningRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Takes the tenant's learning for this transaction: rounds, roll-backs and erasures of one tenant take turns. */
  async lock(): Promise<LearningState> {
    await rows(this.tx, 'INSERT INTO learning_setting (tenant_id) VALUES (gk_tenant()) ON CONFLICT DO NOTHING');
    const held = await row<LearningState>(this.tx, `SELECT ${SETTING_COLUMNS} FROM learning_setting FOR UPDATE`);
    return held ?? { ...DEFAULT_SETTINGS, snapshotId: null, lastRun: null };
  }

  async state(): Promise<LearningState> {
    const held = await row<LearningState>(this.tx, `SELECT ${SETTING_COLUMNS} FROM learning_setting`);
    return held ?? { ...DEFAULT_SETTINGS, snapshotId: null, lastRun: null };
  }

  /** Changes what is given; the caller holds the lock. */
  async configure(change: Partial<LearningSettings>): Promise<void> {
    const { enabled = null, frozen = null, controlShare = null, trialShare = null } = change;
    await rows(
      this.tx,
      `UPDATE learning_setting SET enabled = coalesce($1, enabled), frozen = coalesce($2, frozen),
         control_share = coalesce($3, control_share), trial_share = coalesce($4, trial_share), updated_at = now()`,
      [enabled, frozen, controlShare, trialShare],
    );
  }

  async noteRun(told: JsonObject): Promise<void> {
    await rows(this.tx, 'UPDATE learning_setting SET last_run = $1, updated_at = now()', [json(told)]);
  }

  /** Goals that ended and have not been read yet, oldest first. */
  async unread(atMost: number): Promise<UnreadGoal[]> {
    return rows<UnreadGoal>(this.tx, finishedGoals('WHERE evidence IS NULL ORDER BY id LIMIT $1'), [atMost]);
  }

  /** A goal that ended, as it would be read; null when memory has no episode of it. */
  async finished(goalId: string): Promise<UnreadGoal | null> {
    return row<UnreadGoal>(this.tx, finishedGoals('WHERE goal_id = $1'), [goalId]);
  }

  /** Null says that the goal was read and has nothing to teach. */
  async saveEvidence(goalId: string, evidence: GoalEvidence | null): Promise<void> {
    await rows(this.tx, 'UPDATE episode SET evidence = $2 WHERE goal_id = $1 AND evidence IS NULL', [
      goalId,
      json(evidence ?? {}),
    ]);
  }

  /** The newest evidence, oldest first; ties by goal, so that every round sees one order. */
  async evidence(atMost: number): Promise<GoalEvidence[]> {
    const found = await rows<{ evidence: GoalEvidence }>(
      this.tx,
      `SELECT evidence FROM (SELECT evidence, created_at, id FROM episode WHERE evidence IS NOT NULL
         ORDER BY created_at DESC, id DESC LIMIT $1) e WHERE evidence ? 'goalId' ORDER BY created_at, id`,
      [atMost],
    );
    return found.map(({ evidence }) => evidence);
  }

  /** Tasks of finished goals with their arguments, in the order asked for. */
  async solved(goalIds: readonly string[]): Promise<SolvedGoal[]> {
    return rows<SolvedGoal>(
      this.tx,
      `SELECT e.goal_id AS "goalId", e.task FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (id, n)
       JOIN episode e ON e.goal_id = asked.id ORDER BY asked.n`,
      [[...goalIds]],
    );
  }

  /** Goals that the model of search of a pack was learned from; 0 where there is none. */
  async guidanceSources(pack: string): Promise<number> {
    const found = await row<{ goals: number }>(
      this.tx,
      `SELECT count(*)::integer AS goals FROM lesson l JOIN lesson_source s ON s.lesson_id = l.id
       WHERE l.kind = 'search_guidance' AND l.key = $1`,
      [pack],
    );
    return found?.goals ?? 0;
  }

  async records(): Promise<LessonRecord[]> {
    const found = await rows<LessonColumns>(this.tx, `SELECT ${LESSON_COLUMNS} FROM lesson l ORDER BY l.id`);
    return found.map(toRecord);
  }

  /** What goals drew of the lessons that are on trial now. */
  async assignments(): Promise<TrialAssignment[]> {
    return rows<TrialAssignment>(
      this.tx,
      `SELECT a.goal_id AS "goalId", a.lesson_id AS "lessonId", a.given FROM trial_assignment a
       JOIN lesson l ON l.id = a.lesson_id WHERE l.status = 'trial'`,
    );
  }

  /** Stores new and changed lessons with their sources. */
  async save(records: readonly LessonRecord[]): Promise<void> {
    for (const record of records) await this.saveOne(record);
  }

  private async saveOne(record: LessonRecord): Promise<void> {
    await rows(
      this.tx,
      `INSERT INTO lesson (id, tenant_id, kind, key, status, body, tasks, versions, origin, statistics, history)
       VALUES ($1, gk_tenant(), $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, body = excluded.body, tasks = excluded.tasks,
         versions = excluded.versions, statistics = excluded.statistics, history = excluded.history, updated_at = now()`,
      [
        ...[record.id, record.kind, record.key, record.status, json(record.body), [...record.tasks]],
        ...[json(record.versions), record.origin, json(record.statistics), json(record.history)],
      ],
    );
    await rows(this.tx, 'DELETE FROM lesson_source WHERE lesson_id = $1 AND NOT goal_id = ANY ($2::uuid[])', [
      record.id,
      [...record.sources],
    ]);
    await rows(
      this.tx,
      `INSERT INTO lesson_source (tenant_id, lesson_id, goal_id) SELECT gk_tenant(), $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING`,
      [record.id, [...record.sources]],
    );
  }

  /** Makes the set of what is active or on trial the one that goals pin from now on; the caller holds the lock. */
  async takeSnapshot(reason: string): Promise<string> {
    const id = newId();
    await rows(
      this.tx,
      `INSERT INTO snapshot (id, tenant_id, seq, parent_id, reason)
       SELECT $1, tenant_id, snapshot_seq + 1, snapshot_id, $2 FROM learning_setting`,
      [id, reason],
    );
    await rows(
      this.tx,
      `INSERT INTO snapshot_lesson (tenant_id, snapshot_id, lesson_id, kind, key, status, tasks, body, sources)
       SELECT tenant_id, $1, id, kind, key, status, tasks, body,
         ARRAY(SELECT s.goal_id FROM lesson_source s WHERE s.lesson_id = l.id ORDER BY s.goal_id)
       FROM lesson l WHERE status IN ('trial', 'active')`,
      [id],
    );
    await rows(this.tx, 'UPDATE learning_setting SET snapshot_id = $1, snapshot_seq = snapshot_seq + 1', [id]);
    await new ForgettingRepository(this.tx).snapshots();
    return id;
  }
}

/** Episodes with what the store has of their goals. */
function finishedGoals(which: string): string {
  return `SELECT e.goal_id AS "goalId", floor(extract(epoch FROM e.created_at) * 1000)::double precision AS "atMs",
      coalesce(g.learning->>'arm', 'on') AS arm, e.outcome = 'verified' AS verified, e.objective,
      coalesce(g.task IS NOT NULL, true) AS "namedTask", coalesce(g.calls_made, 0) AS "callsMade",
      (SELECT count(*)::integer FROM question q WHERE q.goal_id = e.goal_id AND q.kind IN ('intent', 'argument')) AS questions,
      (SELECT p.body FROM plan p WHERE p.goal_id = e.goal_id ORDER BY p.revision DESC LIMIT 1) AS plan,
      ARRAY(SELECT l.id #>> '{}' FROM (
        SELECT jsonb_path_query(d.body, '$.candidates[*].lessons[*].id') FROM decision d WHERE d.goal_id = e.goal_id
        UNION SELECT jsonb_path_query(p.body, '$.lessons[*].id') FROM plan p WHERE p.goal_id = e.goal_id
        UNION SELECT jsonb_path_query(o.analysis, '$.lessons[*].id') FROM observation o WHERE o.goal_id = e.goal_id AND o.month = g.month
      ) AS l (id)) AS took,
      coalesce((SELECT jsonb_agg(s.step ORDER BY p.revision) FROM plan p CROSS JOIN jsonb_array_elements(p.body->'steps') AS s (step)
        WHERE p.goal_id = e.goal_id AND p.revision < (SELECT max(l.revision) FROM plan l WHERE l.goal_id = e.goal_id)), '[]') AS "earlierSteps",
      coalesce((SELECT jsonb_agg(jsonb_build_object('observation', o.body, 'analysis', o.analysis)
        ORDER BY o.created_at, o.step_id, o.call_no)
        FROM observation o WHERE o.goal_id = e.goal_id AND o.month = g.month), '[]') AS calls
    FROM (SELECT id, goal_id, created_at, outcome, objective FROM episode ${which}) e LEFT JOIN goal g ON g.id = e.goal_id
    ORDER BY e.id`;
}

/** Tenants for which a round of learning has something to do, by id, those behind `after`; asked outside of any tenant. */
export async function tenantsToLearn(
  tx: EntityManager,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<string[]> {
  const found = await rows<{ tenant: string }>(
    tx,
    `SELECT tenant_id AS tenant FROM gk_learning_tenants() WHERE $1::uuid IS NULL OR tenant_id > $1 ORDER BY tenant_id LIMIT $2`,
    [after, limit],
  );
  return found.map(({ tenant }) => tenant);
}
