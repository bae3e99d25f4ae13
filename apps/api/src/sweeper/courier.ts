import { Inject, Injectable } from '@nestjs/common';
import { OutboxRepository, type Database, type OutboxEntry } from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import { DATABASE, LOG } from '../core/tokens';
import { DeliveryService, NotYetDeliverable } from '../engine/delivery.service';
import { isUnreachable } from '../engine/engine-errors';
import { EngineService } from '../engine/engine.service';
import { eachBounded } from './each-bounded';

const BATCH = 50;
const AT_ONCE = 10;
const LEASE_MS = 30_000;
const MAX_BACKOFF_MS = 5_000;

/** Takes what is due from the outbox and brings it to the engine; while the engine is away it only asks for it. */
@Injectable()
export class Courier {
  private isEngineAway = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly delivery: DeliveryService,
    private readonly engine: EngineService,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /** @returns true when there may be more */
  async deliverBatch(): Promise<boolean> {
    if (this.isEngineAway) this.isEngineAway = !(await this.engine.isUp());
    if (this.isEngineAway) return false;
    const due = await this.database.system((tx) => new OutboxRepository(tx).due(BATCH, LEASE_MS));
    await eachBounded(due, AT_ONCE, (entry) => this.deliver(entry));
    return due.length === BATCH && !this.isEngineAway;
  }

  private async deliver(entry: OutboxEntry): Promise<void> {
    try {
      if (this.isEngineAway) throw new NotYetDeliverable('The workflow engine does not answer');
      await this.delivery.deliver(entry);
    } catch (error) {
      if (entry.kind === 'start' && isUnreachable(error)) this.isEngineAway = true;
      const problem = error instanceof Error ? error.message : String(error);
      this.log.debug({ goalId: entry.goalId, kind: entry.kind, attempts: entry.attempts, problem }, 'outbox.postponed');
      const backoffMs = Math.min(250 * 2 ** Math.min(entry.attempts, 10), MAX_BACKOFF_MS);
      await this.database.system((tx) => new OutboxRepository(tx).failed(entry.id, problem.slice(0, 500), backoffMs));
    }
  }
}
