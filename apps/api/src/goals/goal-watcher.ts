import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { rows, type Database } from '@goalkeeper/persistence';
import type { GoalChange, Logger, Wakeups } from '@goalkeeper/platform';
import { DATABASE, LOG, WAKEUPS } from '../core/tokens';

interface Watched {
  readonly tenantId: string;
  readonly goalId: string;
  readonly listeners: Set<(change: GoalChange) => void>;
  seen: number | null;
  unsubscribe: () => void;
}

const HEADS = 'SELECT id, event_seq, finished_at IS NOT NULL AS ended FROM goal WHERE id = ANY ($1::uuid[])';
const POLL_MS = { none: 250, redis: 1_000 } as const;

/**
 * Tells streams and waiting requests that a goal has new events. Wake-ups over Redis make it quick; one query per
 * tenant and interval for all watched goals makes it certain, so that a lost wake-up delays and never loses.
 */
@Injectable()
export class GoalWatcher implements OnApplicationShutdown {
  /** By tenant and goal: a caller that names another tenant's goal must not decide as whom that goal is polled. */
  private readonly goals = new Map<string, Watched>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(WAKEUPS) private readonly wakeups: Wakeups,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /**
   * Calls `onChange` after every change that it sees; it may call without need, it never misses the last one before a
   * pause, nor the end.
   *
   * @returns a function that ends it
   */
  watch(tenantId: string, goalId: string, onChange: (change: GoalChange) => void): () => void {
    const key = keyOf(tenantId, goalId);
    const known = this.goals.get(key);
    const watched = known ?? {
      tenantId,
      goalId,
      listeners: new Set<(change: GoalChange) => void>(),
      seen: null,
      unsubscribe: () => undefined,
    };
    watched.listeners.add(onChange);
    if (!known) {
      this.goals.set(key, watched);
      watched.unsubscribe = this.wakeups.subscribe(goalId, (change) => notify(watched, change));
    }
    this.schedule();
    return () => {
      watched.listeners.delete(onChange);
      if (watched.listeners.size > 0 || this.goals.get(key) !== watched) return;
      watched.unsubscribe();
      this.goals.delete(key);
    };
  }

  onApplicationShutdown(): void {
    if (this.timer) clearTimeout(this.timer);
    for (const watched of this.goals.values()) watched.unsubscribe();
    this.goals.clear();
  }

  private schedule(): void {
    if (this.timer || this.goals.size === 0) return;
    this.timer = setTimeout(() => {
      void this.poll().finally(() => {
        this.timer = null;
        this.schedule();
      });
    }, POLL_MS[this.wakeups.kind]);
    this.timer.unref();
  }

  private async poll(): Promise<void> {
    const byTenant = groupByTenant(this.goals);
    for (const [tenantId, goalIds] of byTenant) {
      try {
        const heads = await this.database.tenant(tenantId, (tx) =>
          rows<{ id: string; event_seq: string; ended: boolean }>(tx, HEADS, [goalIds]),
        );
        for (const head of heads) this.compare(keyOf(tenantId, head.id), Number(head.event_seq), head.ended);
      } catch (error) {
        this.log.warn({ err: error }, 'goals.poll_failed');
      }
    }
  }

  private compare(key: string, seq: number, hasEnded: boolean): void {
    const watched = this.goals.get(key);
    if (!watched || watched.seen === seq) return;
    watched.seen = seq;
    notify(watched, hasEnded ? 'ended' : 'moved');
  }
}

const keyOf = (tenantId: string, goalId: string): string => `${tenantId}/${goalId}`;

function notify(watched: Watched, change: GoalChange): void {
  for (const listener of [...watched.listeners]) listener(change);
}

function groupByTenant(goals: ReadonlyMap<string, Watched>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { tenantId, goalId } of goals.values()) {
    const group = groups.get(tenantId);
    if (group) group.push(goalId);
    else groups.set(tenantId, [goalId]);
  }
  return groups;
}
