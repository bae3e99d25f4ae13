import { Inject, Injectable } from '@nestjs/common';
import { isTerminal } from '@goalkeeper/domain';
import { GoalStore, type Database, type GoalRecord } from '@goalkeeper/persistence';
import { Shutdown } from '../core/shutdown';
import { DATABASE } from '../core/tokens';
import { ApiProblem } from '../http/api-problem';
import { GoalWatcher } from './goal-watcher';

export interface Wait {
  readonly limitMs: number;
  /** Fires when the client has gone. */
  readonly signal: AbortSignal;
  /** The goal was stored a moment ago: it is not looked at before something is heard of it. */
  readonly isNew?: boolean;
}

/** Holds a request until a goal has ended. */
@Injectable()
export class GoalWaiter {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly watcher: GoalWatcher,
    private readonly shutdown: Shutdown,
  ) {}

  /**
   * @returns the goal as it stands when it has ended, the time is over, the client has gone or the server stops
   * @throws {ApiProblem} `goal.not_found`
   */
  async wait(tenantId: string, goalId: string, { limitMs, signal, isNew = false }: Wait): Promise<GoalRecord> {
    const end = AbortSignal.any([signal, this.shutdown.signal, AbortSignal.timeout(Math.max(limitMs, 0))]);
    let stirred = false;
    let wake = (): void => undefined;
    const stir = (): void => {
      stirred = true;
      wake();
    };
    const unwatch = this.watcher.watch(tenantId, goalId, (change) => change === 'ended' && stir());
    end.addEventListener('abort', stir);
    try {
      if (isNew && !end.aborted) await new Promise<void>((resolve) => (wake = resolve));
      for (;;) {
        stirred = end.aborted;
        const record = await this.read(tenantId, goalId);
        if (isTerminal(record.state) || end.aborted) return record;
        if (!stirred) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      unwatch();
      end.removeEventListener('abort', stir);
    }
  }

  private async read(tenantId: string, goalId: string): Promise<GoalRecord> {
    const record = await new GoalStore(this.database).get(tenantId, goalId);
    if (!record) throw new ApiProblem('goal.not_found');
    return record;
  }
}
