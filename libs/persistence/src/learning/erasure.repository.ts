import type { GoalLesson } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { newId } from '../ids';
import { json, row, rows } from '../sql';

/** `memory`: what the goal taught. `goal`: its own record too, its words, plans, calls, findings and events. */
export type ErasureScope = 'memory' | 'goal';

/** Rows that an erasure took or emptied, by table. */
export type Touched = Readonly<Record<string, number>>;

export interface Erasure {
  readonly id: string;
  readonly goalId: string;
  readonly scope: ErasureScope;
  readonly episodes: number;
  readonly lessons: number;
  readonly snapshots: number;
  readonly touched: Touched;
  readonly createdAt: Date;
}

/** A goal with those that it raised. */
export interface GoalFamily {
  /** The goal first. */
  readonly ids: readonly string[];
  /** False where memory has nothing of any of them. */
  readonly isRemembered: boolean;
  /** Null when there is no such goal. */
  readonly isFinished: boolean | null;
}

/** Sums of a tool's record, and what a goal added to each. */
const TOOL_SUMS = [
  ['successes', 'successes'],
  ['failures', 'failures'],
  ['duration_ms', '"durationMs"'],
  ['log_ms', '"logMs"'],
  ['squared_log_ms', '"squaredLogMs"'],
  ['cost_usd', '"costUsd"'],
] as const;

/** Takes goals out of memory. The caller holds the tenant's learning. */
export class ErasureRepository {
  constructor(private readonly tx: EntityManager) {}

  /** What a goal says it says in its sub-goals too: they are erased with it. */
  async family(goalId: string): Promise<GoalFamily> {
    const found = await row<{ ids: string[]; isRemembered: boolean; isFinished: boolean | null }>(
      this.tx,
      `WITH RECURSIVE family AS (
         SELECT $1::uuid AS id, 0 AS depth UNION SELECT g.id, f.depth + 1 FROM goal g JOIN family f ON g.parent_id = f.id
       )
       SELECT array_agg(f.id::text ORDER BY f.depth, f.id) AS ids, bool_or(e.id IS NOT NULL) AS "isRemembered",
         bool_and(g.finished_at IS NOT NULL) FILTER (WHERE g.id IS NOT NULL) AS "isFinished"
       FROM family f LEFT JOIN goal g ON g.id = f.id LEFT JOIN episode e ON e.goal_id = f.id`,
      [goalId],
    );
    return found ?? { ids: [goalId], isRemembered: false, isFinished: null };
  }

  /**
   * Takes everything that these goals taught out of memory: their episodes with their words, and every lesson whose body rests on one
   * of them, as it is now and as snapshots have it. What the round before noted of refused candidates goes as a whole: it does not say
   * whose they were. With scope `goal` their own records go too. The caller takes a snapshot, and learns anew from what is left. Leaves
   * a receipt for the first of them.
   */
  async erase(goalIds: readonly string[], scope: ErasureScope = 'memory'): Promise<Erasure> {
    const touched: Record<string, number> = {};
    const note = (table: string, count: number): void => {
      if (count > 0) touched[table] = (touched[table] ?? 0) + count;
    };
    note('episode', await this.forgetEpisodes(goalIds));
    const lessons = await this.idsOf(
      'DELETE FROM lesson l USING lesson_source s WHERE s.lesson_id = l.id AND s.goal_id = ANY ($1::uuid[]) RETURNING l.id',
      goalIds,
    );
    note('lesson', new Set(lessons).size);
    const snapshots = await this.cutSnapshots(goalIds, lessons);
    note('snapshot_lesson', snapshots.length);
    note('trial_assignment', await this.forgetAssignments(goalIds, lessons));
    note('learning_setting', await this.forgetRefusals());
    if (scope === 'goal')
      for (const id of goalIds)
        for (const [table, count] of Object.entries(await this.eraseGoal(id))) note(table, count);
    const counts = { episodes: touched.episode ?? 0, lessons: touched.lesson ?? 0, snapshots: new Set(snapshots).size };
    return this.leaveReceipt(goalIds[0] ?? '', { ...counts, scope, touched });
  }

  private async forgetEpisodes(goalIds: readonly string[]): Promise<number> {
    const stems = await rows<{ stem: string }>(
      this.tx,
      'SELECT DISTINCT w.stem FROM episode_word w JOIN episode e ON e.id = w.episode_id WHERE e.goal_id = ANY ($1::uuid[])',
      [[...goalIds]],
    );
    const gone = await this.idsOf('DELETE FROM episode WHERE goal_id = ANY ($1::uuid[]) RETURNING id', goalIds);
    // Words that no episode has any more, so that nothing is found by them.
    await rows(
      this.tx,
      `DELETE FROM episode_stem k WHERE k.stem = ANY ($1::text[])
         AND NOT EXISTS (SELECT FROM episode_word w WHERE w.tenant_id = k.tenant_id AND w.stem = k.stem)`,
      [stems.map(({ stem }) => stem)],
    );
    return gone.length;
  }

  /**
   * What snapshots have of these lessons and of these goals; bodies of older versions, which do not say what they rest on, go too.
   *
   * @returns the snapshot of each row that went
   */
  private cutSnapshots(goalIds: readonly string[], lessons: readonly string[]): Promise<string[]> {
    return this.idsOf(
      `DELETE FROM snapshot_lesson WHERE lesson_id = ANY ($2::uuid[]) OR sources && $1::uuid[] OR sources IS NULL
       RETURNING snapshot_id AS id`,
      goalIds,
      lessons,
    );
  }

  private async forgetAssignments(goalIds: readonly string[], lessons: readonly string[]): Promise<number> {
    const sql = `DELETE FROM trial_assignment WHERE goal_id = ANY ($1::uuid[]) OR lesson_id = ANY ($2::uuid[]) RETURNING goal_id AS id`;
    return (await this.idsOf(sql, goalIds, lessons)).length;
  }

  private async forgetRefusals(): Promise<number> {
    const found = await rows(
      this.tx,
      `UPDATE learning_setting SET last_run = jsonb_set(last_run, '{refusals}', '[]')
       WHERE jsonb_array_length(last_run->'refusals') > 0 RETURNING 1`,
    );
    return found.length;
  }

  private async eraseGoal(goalId: string): Promise<Touched> {
    const found = await row<{ touched: Touched }>(this.tx, 'SELECT gk_erase_goal($1) AS touched', [goalId]);
    return found?.touched ?? {};
  }

  private async leaveReceipt(
    goalId: string,
    { scope, episodes, lessons, snapshots, touched }: Omit<Erasure, 'id' | 'goalId' | 'createdAt'>,
  ): Promise<Erasure> {
    const found = await row<Erasure>(
      this.tx,
      `INSERT INTO erasure_receipt (id, tenant_id, goal_id, scope, episodes, lessons, snapshots, touched)
       VALUES ($1, gk_tenant(), $2, $3, $4, $5, $6, $7)
       RETURNING id, goal_id AS "goalId", scope, episodes, lessons, snapshots, touched, created_at AS "createdAt"`,
      [newId(), goalId, scope, episodes, lessons, snapshots, json(touched)],
    );
    if (!found) throw new Error('the receipt of an erasure was not stored');
    return found;
  }

  /**
   * Takes a goal's share out of the running records of tools and methods, as far as it has not faded since; never below nothing.
   * Sampled values do not say whose they are: those of its tools are dropped and gather anew.
   *
   * @param atMs when the goal was added to the records
   */
  async subtract(taught: Pick<GoalLesson, 'tools' | 'methods'>, atMs: number): Promise<void> {
    const sums = TOOL_SUMS.map(
      ([column, added]) =>
        `${column} = greatest(0, t.${column} - coalesce(d.${added}, 0) * gk_decay($2::timestamptz, t.updated_at))`,
    );
    await rows(
      this.tx,
      `UPDATE tool_stat t SET ${sums.join(', ')}, samples = '{}'
       FROM jsonb_to_recordset($1::jsonb) AS d (tool text, context text, successes double precision, failures double precision,
         "durationMs" double precision, "logMs" double precision, "squaredLogMs" double precision, "costUsd" double precision)
       WHERE t.tool = d.tool AND t.context = coalesce(d.context, '')`,
      [json(taught.tools), new Date(atMs)],
    );
    await rows(
      this.tx,
      `UPDATE method_stat m SET successes = greatest(0, m.successes - d.successes * gk_decay($2::timestamptz, m.updated_at)),
         failures = greatest(0, m.failures - d.failures * gk_decay($2::timestamptz, m.updated_at))
       FROM jsonb_to_recordset($1::jsonb) AS d (task text, method text, successes double precision, failures double precision)
       WHERE m.task = d.task AND m.method = d.method`,
      [json(taught.methods), new Date(atMs)],
    );
  }

  private async idsOf(sql: string, ...ids: readonly (readonly string[])[]): Promise<string[]> {
    const found = await rows<{ id: string }>(
      this.tx,
      sql,
      ids.map((some) => [...some]),
    );
    return found.map(({ id }) => id);
  }
}
