import { Inject, Injectable } from '@nestjs/common';
import { isTerminal, type GoalFailure } from '@goalkeeper/domain';
import {
  CommandRepository,
  GoalRepository,
  newId,
  OutboxRepository,
  type Database,
  type GoalRecord,
  type UnfinishedGoal,
} from '@goalkeeper/persistence';
import type { Logger, Wakeups } from '@goalkeeper/platform';
import { DATABASE, LOG, WAKEUPS } from '../core/tokens';
import { isUnreachable } from '../engine/engine-errors';
import { EngineService, type GoalName } from '../engine/engine.service';
import { eachBounded } from './each-bounded';

const PAGE = 100;
const AT_ONCE = 8;
/** What a workflow that still has its goal in hand may be; operators can pause one. */
const ALIVE = new Set(['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW']);

/** Compares unfinished goals with the engine: what it lost is started again, what it gave up is closed. */
@Injectable()
export class Reconciler {
  private cursor: string | null = null;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly engine: EngineService,
    @Inject(WAKEUPS) private readonly wakeups: Wakeups,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /**
   * Looks at the next page of unfinished goals.
   *
   * @param idleMs only goals that have not moved for so long
   * @returns `more` when a page is left, `done` after the last one, `unreachable` when the engine is silent
   */
  async step(idleMs: number): Promise<'more' | 'done' | 'unreachable'> {
    const goals = await this.database.system((tx) =>
      new OutboxRepository(tx).unfinishedGoals(idleMs, PAGE, this.cursor),
    );
    let silent = false;
    await eachBounded(goals, AT_ONCE, async (goal) => {
      if (!silent) silent = (await this.tryToCheck(goal)) === 'unreachable';
    });
    if (silent) return 'unreachable';
    this.cursor = goals.length === PAGE ? (goals.at(-1)?.goalId ?? null) : null;
    return this.cursor === null ? 'done' : 'more';
  }

  /** A goal that cannot be set right now is left for the next round; it never keeps the goals behind it waiting. */
  private async tryToCheck(name: UnfinishedGoal): Promise<'ok' | 'unreachable'> {
    try {
      return await this.check(name);
    } catch (error) {
      if (isUnreachable(error)) return 'unreachable';
      this.log.warn({ err: error, goalId: name.goalId }, 'goal.not_reconciled');
      return 'ok';
    }
  }

  private async check(name: UnfinishedGoal): Promise<'ok' | 'unreachable'> {
    const state = await this.engine.describe(name);
    if (state.kind === 'unreachable') return 'unreachable';
    if (state.kind === 'not_found') await this.restart(name);
    else if (!ALIVE.has(state.status)) await this.close(name, state.status);
    return 'ok';
  }

  /** The engine knows nothing of the goal: its store was lost, or the start never reached it. */
  private async restart(name: GoalName): Promise<void> {
    const record = await this.find(name);
    if (!record || isTerminal(record.state) || (await this.isOrphan(name, record))) return;
    await this.engine.start(record.goal);
    await this.repeatCommands(name, record);
    const fields = { goalId: name.goalId, state: record.state };
    if (record.state === 'queued') this.log.info(fields, 'goal.started_late');
    else this.log.warn(fields, 'goal.restarted');
  }

  /** A goal whose parent has ended has nobody to work for: it ends with it. */
  private async isOrphan(name: GoalName, { goal }: GoalRecord): Promise<boolean> {
    const parent = goal.parent && (await this.find({ tenantId: name.tenantId, goalId: goal.parent.goalId }));
    if (!parent || !isTerminal(parent.state)) return false;
    const message = `The goal that raised it has ended (${parent.state})`;
    const failure: GoalFailure = { code: 'goal.cancelled', message, hint: '', details: {} };
    await this.database.tenant(name.tenantId, (tx) =>
      new GoalRepository(tx).transition(name.goalId, { to: 'cancelled', reason: message, failure }),
    );
    this.wakeups.publish(name.goalId, 'ended');
    return true;
  }

  /** Commands that only the lost workflow knew are told again; a goal that was paused stays paused. */
  private async repeatCommands(name: GoalName, record: GoalRecord): Promise<void> {
    await this.database.tenant(name.tenantId, async (tx) => {
      const commands = new CommandRepository(tx);
      const outbox = new OutboxRepository(tx);
      const open = await commands.open(name.goalId);
      for (const { id } of open) await outbox.add({ id, kind: 'command', goalId: name.goalId, payload: {} });
      const lost = { paused: 'pause', cancelling: 'cancel' }[record.state as string];
      if (!lost || open.some(({ kind }) => kind === lost)) return;
      const id = newId();
      const reason = `the goal was ${record.state} when the engine lost it`;
      await commands.add({ id, goalId: name.goalId, kind: lost, reason, requestedBy: 'system' });
      await outbox.add({ id, kind: 'command', goalId: name.goalId, payload: {} });
    });
  }

  /** The workflow has ended without closing its goal: stopped by hand, failed by a defect, timed out. */
  private async close(name: GoalName, status: string): Promise<void> {
    const record = await this.find(name);
    if (!record || isTerminal(record.state)) return;
    const reason = (await this.engine.endingOf(name)) ?? 'it completed without closing the goal';
    const failure: GoalFailure = {
      code: 'workflow.terminated',
      message: `The workflow ended (${status.toLowerCase()}): ${reason}`.slice(0, 1_000),
      hint: 'Look at the workflow in the Temporal Web UI, then start the goal anew.',
      details: { status },
    };
    const stored = await this.database.tenant(name.tenantId, (tx) =>
      new GoalRepository(tx).transition(name.goalId, { to: 'failed', reason: failure.message, failure }),
    );
    this.wakeups.publish(name.goalId, 'ended');
    if (stored !== null) this.log.warn({ goalId: name.goalId, status, reason }, 'goal.closed_after_its_workflow');
  }

  private find(name: GoalName): Promise<GoalRecord | null> {
    return this.database.tenant(name.tenantId, (tx) => new GoalRepository(tx).get(name.goalId));
  }
}
