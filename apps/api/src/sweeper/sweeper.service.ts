import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from '@goalkeeper/platform';
import { LOG } from '../core/tokens';
import { Courier } from './courier';
import { Housekeeping } from './housekeeping';
import { Reconciler } from './reconciler';

const TICK_MS = 2_000;
const IDLE_MS = 10_000;
const RECONCILE_MS = 10_000;

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
  private isTroubled = false;

  constructor(
    private readonly courier: Courier,
    private readonly reconciler: Reconciler,
    private readonly housekeeping: Housekeeping,
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
      while (!this.isStopping && (await this.courier.deliverBatch()));
      await this.reconcile();
      await this.housekeeping.round();
      if (this.isTroubled) this.log.info('sweeper.recovered');
      this.isTroubled = false;
    } catch (error) {
      if (!this.isTroubled) this.log.warn({ err: error }, 'sweeper.troubled');
      this.isTroubled = true;
    }
  }

  /** Every unfinished goal once after the start, then those that have been idle; a page a pass while there are more. */
  private async reconcile(): Promise<void> {
    if (this.isStopping || performance.now() < this.reconcileAt) return;
    const outcome = await this.reconciler.step(this.hasSeenAll ? IDLE_MS : 0);
    if (outcome === 'more') return;
    if (outcome === 'done') this.hasSeenAll = true;
    this.reconcileAt = performance.now() + (outcome === 'done' ? RECONCILE_MS : TICK_MS);
  }
}
