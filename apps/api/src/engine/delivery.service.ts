import { Inject, Injectable } from '@nestjs/common';
import { isTerminal, type Goal } from '@goalkeeper/domain';
import {
  CommandRepository,
  GoalRepository,
  GoalStore,
  type CommandRecord,
  type Database,
  type OutboxEntry,
} from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import type { CommandKind, GoalCommand } from '@goalkeeper/workflows/client';
import { DATABASE, LOG } from '../core/tokens';
import { refusalOf } from './engine-errors';
import { EngineService, type GoalName } from './engine.service';

/** Starts that may be under way at once right after their goal was accepted; the sweeper takes the rest. */
const MAX_UNDER_WAY = 64;
/** How long the sweeper leaves a fresh entry to whoever made it. */
export const HOLD_MS = 3_000;
const UPDATE_MS = 5_000;

/** An entry of the outbox that cannot be delivered yet. */
export class NotYetDeliverable extends Error {}

/** Brings what the outbox holds to the engine. Everything here may be repeated without harm. */
@Injectable()
export class DeliveryService {
  private underWay = 0;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly engine: EngineService,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Starts a goal that was just accepted, without anybody waiting for it; what fails here is left to the sweeper. */
  startSoon(goal: Goal, entryId: string): void {
    if (this.underWay >= MAX_UNDER_WAY) return;
    this.underWay += 1;
    this.start(goal, entryId)
      .catch((error: unknown) => this.log.info({ problem: problemOf(error), goalId: goal.id }, 'goal.start_delayed'))
      .finally(() => {
        this.underWay -= 1;
      });
  }

  /**
   * Hands a command that was just stored to its workflow.
   *
   * @param waitMs how long to wait for the answer; without one the sweeper goes on trying
   */
  async commandNow(name: GoalName, commandId: string, waitMs: number): Promise<void> {
    try {
      await this.command(name, commandId, waitMs);
      await this.done(name, commandId);
    } catch (error) {
      this.log.info({ problem: problemOf(error), goalId: name.goalId, commandId }, 'goal.command_delayed');
    }
  }

  /** @throws when it has to be tried again */
  async deliver(entry: OutboxEntry): Promise<void> {
    if (entry.kind === 'command') {
      await this.command(entry, entry.id, UPDATE_MS);
      return this.done(entry, entry.id);
    }
    const goal = await this.database.tenant(entry.tenantId, (tx) => new GoalRepository(tx).get(entry.goalId));
    if (!goal || isTerminal(goal.state)) return this.done(entry, entry.id);
    return this.start(goal.goal, entry.id);
  }

  private async start(goal: Goal, entryId: string): Promise<void> {
    await this.engine.start(goal);
    await this.done({ tenantId: goal.tenantId, goalId: goal.id }, entryId);
  }

  private async command(name: GoalName, commandId: string, waitMs: number): Promise<void> {
    const { command, goal } = await this.database.tenant(name.tenantId, async (tx) => ({
      command: await new CommandRepository(tx).get(commandId),
      goal: await new GoalRepository(tx).get(name.goalId),
    }));
    if (!goal || command?.state !== 'requested') return;
    if (isTerminal(goal.state)) return this.answer(name, commandId, 'refused', `the goal has ended (${goal.state})`);
    if ((await this.hand(name, command, waitMs)) === 'answered') return;
    await this.engine.start(goal.goal);
    throw new NotYetDeliverable('No workflow of this goal runs yet');
  }

  private async hand(name: GoalName, command: CommandRecord, waitMs: number): Promise<'answered' | 'gone'> {
    const { id, reason, payload } = command;
    const kind = command.kind as CommandKind;
    const answer = payload as unknown as GoalCommand['answer'] | null;
    try {
      const end = await this.engine.deliver(name, { id, kind, reason, ...(answer ? { answer } : {}) }, waitMs);
      if (end === 'answered') await this.answer(name, id, 'applied', 'done');
      return end;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      await this.answer(name, id, 'refused', refusal);
      return 'answered';
    }
  }

  /** The workflow usually has recorded its answer already; the first one stays. */
  private async answer(name: GoalName, id: string, state: 'applied' | 'refused', message: string): Promise<void> {
    await this.database.tenant(name.tenantId, (tx) => new CommandRepository(tx).answer(id, state, { message }));
  }

  private async done({ tenantId, goalId }: GoalName, entryId: string): Promise<void> {
    await new GoalStore(this.database).delivered(tenantId, goalId, [entryId]);
  }
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 300) : String(error);
}
