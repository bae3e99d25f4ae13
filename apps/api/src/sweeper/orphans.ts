import { Inject, Injectable } from '@nestjs/common';
import {
  CommandRepository,
  type Database,
  newId,
  OutboxRepository,
  SubGoalRepository,
  type UnfinishedGoal,
} from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import { DATABASE, LOG } from '../core/tokens';

const PAGE = 1_000;
const EVERY_MS = 10_000;
/** A parent that ends tells its children itself; those that still run after this did not hear of it. */
const AFTER_MS = 5_000;

/** Ends goals whose parent has ended, and that go on because nobody told them: they work for nobody. */
@Injectable()
export class Orphans {
  private nextAt = 0;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** Looks at every unfinished goal once, busy or idle, and has the orphans among them cancelled; at most every ten seconds. */
  async round(): Promise<void> {
    if (performance.now() < this.nextAt) return;
    for (let after: string | null = null; ;) {
      const page: UnfinishedGoal[] = await this.unfinished(after);
      for (const tenantId of new Set(page.map((goal) => goal.tenantId))) {
        const ids = page.filter((goal) => goal.tenantId === tenantId).map(({ goalId }) => goalId);
        await this.cancel(tenantId, ids);
      }
      after = page.at(-1)?.goalId ?? null;
      if (page.length < PAGE) break;
    }
    this.nextAt = performance.now() + EVERY_MS;
  }

  private unfinished(after: string | null): Promise<UnfinishedGoal[]> {
    return this.database.system((tx) => new OutboxRepository(tx).unfinishedGoals(0, PAGE, after));
  }

  private cancel(tenantId: string, ids: readonly string[]): Promise<void> {
    return this.database.tenant(tenantId, async (tx) => {
      const orphans = await new SubGoalRepository(tx).orphansAmong(ids, AFTER_MS);
      for (const { goalId, parentState } of orphans) {
        const id = newId();
        const reason = `The goal that raised it has ended (${parentState})`;
        await new CommandRepository(tx).add({ id, goalId, kind: 'cancel', reason, requestedBy: 'system' });
        await new OutboxRepository(tx).add({ id, kind: 'command', goalId, payload: {} });
        this.log.warn({ goalId, parentState }, 'goal.orphan_cancelled');
      }
    });
  }
}
