import { type Evidence, type Goal, type JsonObject, toPublicId } from '@goalkeeper/domain';
import type { EntityManager } from 'typeorm';
import { json, row, rows } from '../sql';
import type { BeginCall, BegunCall, FinishCall, FinishedCall } from '../observation/call';
import { VerificationRepository, type WorkDone } from '../observation/verification.repository';
import { PlanRepository } from '../planning/plan.repository';
import { EventRepository } from './event.repository';
import { GoalRepository } from './goal.repository';
import type { GoalRecord } from './goal-record';

/** The step of a parent, and which of its calls. */
export interface Raising {
  readonly parentId: string;
  readonly stepId: string;
  readonly callNo: number;
}

/** What a child goal left when it ended. */
export interface ChildEnd extends WorkDone {
  readonly record: GoalRecord;
  readonly evidence: readonly Evidence[];
  /** What the last step of its plan put out; null when there is none. */
  readonly result: JsonObject | null;
}

/** Goals that goals raise. Everything here goes with one transaction of the caller. */
export class SubGoalRepository {
  constructor(private readonly tx: EntityManager) {}

  /** Begins the parent's step, or says that it is finished; see `CallRepository.begin`. */
  async begin(
    parentId: string,
    { step, effect: _none, events, refuseWhen = [], ...call }: BeginCall,
  ): Promise<BegunCall> {
    const { id: stepId, label, operator, summary } = step;
    const told = events ? { started: events.first, begunAgain: events.again, refuseWhen } : {};
    const input = { ...call, ...{ stepId, label, operator, summary }, ...told };
    return this.perform<BegunCall>('gk_begin_call', parentId, input);
  }

  /** The child that this call has raised already, or null. One statement. */
  async find({ parentId, stepId, callNo }: Raising): Promise<GoalRecord | null> {
    const found = await row<{ id: string }>(
      this.tx,
      'SELECT id FROM goal WHERE parent_id = $1 AND parent_step = $2 AND parent_call = $3',
      [parentId, stepId, callNo],
    );
    return found && new GoalRepository(this.tx).get(found.id);
  }

  /**
   * Those of these goals that have nobody left to work for: not ended, not told to end, while the goal that raised them ended
   * some time ago. One statement.
   *
   * @param sinceMs how long ago at least; a parent that has just ended tells its children itself
   */
  async orphansAmong(ids: readonly string[], sinceMs: number): Promise<{ goalId: string; parentState: string }[]> {
    return rows(
      this.tx,
      `SELECT c.id AS "goalId", p.state AS "parentState" FROM goal c JOIN goal p ON p.id = c.parent_id
       WHERE c.id = ANY($1::uuid[]) AND c.finished_at IS NULL AND c.state <> 'cancelling'
         AND p.finished_at < now() - $2 * interval '1 millisecond'
         AND NOT EXISTS (SELECT FROM goal_command k WHERE k.goal_id = c.id AND k.kind = 'cancel' AND k.state = 'requested')
       ORDER BY c.id`,
      [ids, sinceMs],
    );
  }

  /** Stores a child under its parent and tells the parent's readers. Its workflow is started by that of the parent. */
  async raise(child: Goal, { parentId, stepId, callNo }: Raising): Promise<void> {
    const { id, task, priority, objective, depth = 0 } = child;
    const created = { objective, task: task && { ...task }, priority, parent: toPublicId('goal', parentId) };
    await new GoalRepository(this.tx).accept(child, [{ type: 'goal.created', data: created }]);
    await rows(
      this.tx,
      'UPDATE goal SET parent_id = $2, parent_step = $3, parent_call = $4, depth = $5 WHERE id = $1',
      [...[id, parentId, stepId, callNo, depth]],
    );
    await rows(this.tx, 'UPDATE goal SET children = children || $2::jsonb WHERE id = $1', [
      parentId,
      json([{ goalId: id, stepId }]),
    ]);
    const data = { stepId, childId: toPublicId('goal', id), task: task && { ...task }, maxSteps: child.maxSteps };
    await new EventRepository(this.tx).append(parentId, [{ type: 'goal.child_started', stepId, data }]);
  }

  /** What a child left; null when it is not there. */
  async end(childId: string): Promise<ChildEnd | null> {
    const record = await new GoalRepository(this.tx).get(childId);
    if (!record) return null;
    const { outputs, produced } = await this.perform<WorkDone>('gk_work_done', childId, {});
    const evidence = (await new VerificationRepository(this.tx).latest(childId))?.evidence ?? [];
    const last = (await new PlanRepository(this.tx).latest(childId))?.plan.steps.at(-1);
    return { record, outputs, produced, evidence, result: (last && outputs[last.label]) ?? null };
  }

  /**
   * Stores the end of the parent's step, and counts the child's calls among those of the parent.
   *
   * @returns the observation that was stored before, when another attempt was first
   */
  async finish(parentId: string, call: FinishCall, childCalls: number): Promise<FinishedCall> {
    const finished = await this.perform<FinishedCall>('gk_finish_call', parentId, call);
    if (finished.end === 'stored')
      await new EventRepository(this.tx).append(parentId, [], { callsMadeAdd: childCalls });
    return finished;
  }

  private async perform<Answer>(name: string, goalId: string, input: object): Promise<Answer> {
    const found = await row<{ answer: Answer }>(this.tx, `SELECT ${name}(gk_tenant(), $1, $2) AS answer`, [
      goalId,
      json(input),
    ]);
    return found?.answer as Answer;
  }
}
