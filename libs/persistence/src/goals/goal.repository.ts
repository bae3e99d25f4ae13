import type { Goal, GoalFailure, GoalState, JsonObject, TaskRequest } from '@goalkeeper/domain';
import { isTerminal } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { GoalNotFoundError, InvalidCursorError } from '../errors';
import { isUuid } from '../ids';
import { json, prepared, row, rows } from '../sql';
import type { GoalPatch, NewEvent } from './event';
import { EventRepository } from './event.repository';
import { GOAL_COLUMNS, toGoalRecord, type GoalRecord, type GoalRowData } from './goal-record';
import { type Acceptance, acceptanceOf, isPlain } from './goal.store';

export interface GoalPage {
  readonly goals: readonly GoalRecord[];
  /** Hand it back for the next page; null on the last. */
  readonly next: string | null;
}

export interface Transition {
  readonly to: GoalState;
  readonly reason: string;
  /** Only from these states; from any unfinished one when left out. */
  readonly from?: readonly GoalState[];
  readonly actor?: string;
  readonly failure?: GoalFailure | null;
  readonly verified?: boolean;
  readonly progress?: number;
  readonly result?: JsonObject;
}

export interface DependencyState {
  readonly id: string;
  readonly state: GoalState;
  readonly objective: string;
}

export interface DependencyEdge {
  readonly goalId: string;
  readonly dependsOn: string;
}

const ACCEPT = prepared('accept_goal', 'SELECT gk_accept_goal($1, $2, $3) AS accepted');

const GET = prepared('get_goal', `SELECT ${GOAL_COLUMNS} FROM goal g WHERE g.id = $1`);

const LOCK = prepared('lock_goal', `SELECT state FROM goal WHERE id = $1 FOR UPDATE`);

export class GoalRepository {
  constructor(private readonly tx: EntityManager) {}

  /**
   * Stores a new goal as `queued` with its first events. One statement. A goal that is stored already is left alone.
   *
   * @param more what is stored in the same statement; see {@link Acceptance}
   * @returns false when a goal of that id is stored already
   */
  async accept(goal: Goal, events: readonly NewEvent[], more: Partial<Acceptance> = {}): Promise<boolean> {
    const { tenantId, goalId, input } = acceptanceOf(goal, { at: new Date(), ...more, events });
    const answer = await row<{ accepted: boolean }>(this.tx, ACCEPT, [tenantId, goalId, json(input)]);
    if (answer?.accepted === true && !isPlain(goal)) await this.keepWishes(goal);
    return answer?.accepted === true;
  }

  /** What few goals say. One statement. */
  private async keepWishes({ id, mayAsk, answerWithinMs }: Goal): Promise<void> {
    await rows(this.tx, 'UPDATE goal SET may_ask = $2, answer_within_ms = $3 WHERE id = $1', [
      id,
      mayAsk ?? null,
      answerWithinMs ?? null,
    ]);
  }

  /** Fixes the task of a goal in words, once a person has said which is meant. One statement. */
  async fixTask(goalId: string, task: TaskRequest): Promise<void> {
    await rows(this.tx, `UPDATE goal SET task = $2 WHERE id = $1 AND objective <> ''`, [goalId, json(task)]);
  }

  /** The goal, or null when the tenant has none of that id. One statement. */
  async get(goalId: string): Promise<GoalRecord | null> {
    const found = await row<GoalRowData>(this.tx, GET, [goalId]);
    return found ? toGoalRecord(found) : null;
  }

  /** Newest first. Goals accepted while someone pages do not move what comes next. One statement. */
  async list(query: { limit: number; cursor?: string | null; state?: GoalState }): Promise<GoalPage> {
    const after = query.cursor ? parseCursor(query.cursor) : null;
    const found = await rows<GoalRowData>(
      this.tx,
      `SELECT ${GOAL_COLUMNS} FROM goal g
       WHERE ($2::text IS NULL OR g.state = $2)
         AND ($3::timestamptz IS NULL OR (g.created_at, g.id) < ($3::timestamptz, $4::uuid))
       ORDER BY g.created_at DESC, g.id DESC LIMIT $1`,
      [query.limit + 1, query.state ?? null, after?.createdAt ?? null, after?.id ?? null],
    );
    const goals = found.slice(0, query.limit).map(toGoalRecord);
    const last = goals.at(-1);
    return { goals, next: found.length > query.limit && last ? cursorOf(last) : null };
  }

  /** Where the named goals stand; unknown ids are missing from the answer. One statement. */
  async dependencies(ids: readonly string[]): Promise<DependencyState[]> {
    if (ids.length === 0) return [];
    return rows<DependencyState>(this.tx, 'SELECT id, state, objective FROM goal WHERE id = ANY ($1::uuid[])', [ids]);
  }

  /** Every dependency that can be reached from the named goals, for the search for circles. One statement. */
  async dependencyEdges(goalIds: readonly string[]): Promise<DependencyEdge[]> {
    if (goalIds.length === 0) return [];
    return rows<DependencyEdge>(
      this.tx,
      `WITH RECURSIVE reached (goal_id, depends_on) AS (
         SELECT goal_id, depends_on FROM goal_dependency WHERE goal_id = ANY ($1::uuid[])
         UNION
         SELECT d.goal_id, d.depends_on FROM goal_dependency d JOIN reached r ON d.goal_id = r.depends_on
       )
       SELECT goal_id AS "goalId", depends_on AS "dependsOn" FROM reached`,
      [goalIds],
    );
  }

  /**
   * Moves the goal to another state and stores `goal.state_changed`. Never out of a finished state. Two statements.
   *
   * @returns the event's number, or null when the goal was in none of the states it may move from, or is there already
   * @throws {GoalNotFoundError}
   */
  async transition(goalId: string, change: Transition): Promise<number | null> {
    const before = await row<{ state: GoalState }>(this.tx, LOCK, [goalId]);
    if (!before) throw new GoalNotFoundError(goalId);
    const from = before.state;
    if (isTerminal(from) || from === change.to || (change.from && !change.from.includes(from))) return null;
    const event: NewEvent = {
      type: 'goal.state_changed',
      actor: change.actor ?? 'system',
      data: {
        from,
        to: change.to,
        reason: change.reason,
        ...(change.failure ? { failure: { ...change.failure } } : {}),
      },
    };
    return new EventRepository(this.tx).append(goalId, [event], patchOf(change));
  }
}

function patchOf({ to, failure, verified, progress, result }: Transition): GoalPatch {
  return { state: to, failure, verified, progress, result };
}

function cursorOf(record: GoalRecord): string {
  return Buffer.from(`${record.createdAt.toISOString()} ${record.goal.id}`).toString('base64url');
}

function parseCursor(cursor: string): { createdAt: Date; id: string } {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime()) || !isUuid(id)) throw new InvalidCursorError(cursor);
  return { createdAt, id };
}
