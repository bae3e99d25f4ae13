import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { OutboxRepository, type Database, type OutboxEntry } from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import { UploadStore } from '../artifacts/upload-store';
import { DATABASE, LOG } from '../core/tokens';
import { DeliveryService, NotYetDeliverable } from '../engine/delivery.service';
import { isUnreachable } from '../engine/engine-errors';
import { EngineService } from '../engine/engine.service';
import { Reconciler } from './reconciler';
import { eachBounded } from './each-bounded';

const TICK_MS = 2_000;
const BATCH = 50;
const AT_ONCE = 10;
const LEASE_MS = 30_000;
const MAX_BACKOFF_MS = 5_000;
const IDLE_MS = 10_000;
const RECONCILE_MS = 10_000;
const HOUSEKEEPING_MS = 3_600_000;

/**
 * Finishes what requests began: starts goals that were accepted but not started, delivers commands, compares idle goals
 * with the engine, and tidies up. Several replicas share the work; a crash of one only delays it.
 */
@Injectable()
export class SweeperService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopping = false;
  private hasSeenAll = false;
  private reconcileAt = 0;
  private tidyAt = 0;
  private isTroubled = false;
  private isEngineAway = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly delivery: DeliveryService,
    private readonly engine: EngineService,
    private readonly reconciler: Reconciler,
    private readonly uploads: UploadStore,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  /** Lets the pass that runs come to its end; what is left over is still in the outbox. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
  }

  private schedule(ms: number): void {
    if (this.isStopping) return;
    this.timer = setTimeout(() => {
      this.running = this.pass().finally(() => this.schedule(TICK_MS));
    }, ms);
  }

  private async pass(): Promise<void> {
    try {
      if (this.isEngineAway) this.isEngineAway = !(await this.engine.isUp());
      while (!this.isEngineAway && !this.isStopping && (await this.deliverDue()) === BATCH);
      await this.reconcile();
      await this.tidy();
      if (this.isTroubled) this.log.info('sweeper.recovered');
      this.isTroubled = false;
    } catch (error) {
      if (!this.isTroubled) this.log.warn({ err: error }, 'sweeper.troubled');
      this.isTroubled = true;
    }
  }

  private async deliverDue(): Promise<number> {
    const due = await this.database.system((tx) => new OutboxRepository(tx).due(BATCH, LEASE_MS));
    await eachBounded(due, AT_ONCE, (entry) => this.deliverOne(entry));
    return due.length;
  }

  private async deliverOne(entry: OutboxEntry): Promise<void> {
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

  /** Every unfinished goal once after the start, then those that have been idle; a page a pass while there are more. */
  private async reconcile(): Promise<void> {
    if (performance.now() < this.reconcileAt) return;
    const outcome = await this.reconciler.step(this.hasSeenAll ? IDLE_MS : 0);
    if (outcome === 'more') return;
    if (outcome === 'done') this.hasSeenAll = true;
    this.reconcileAt = performance.now() + (outcome === 'done' ? RECONCILE_MS : TICK_MS);
  }

  private async tidy(): Promise<void> {
    if (performance.now() < this.tidyAt) return;
    this.tidyAt = performance.now() + HOUSEKEEPING_MS;
    await this.database.ensurePartitions();
    await this.database.system((tx) => new OutboxRepository(tx).forgetOldKeys());
    await this.uploads.forgetOld();
  }
}
