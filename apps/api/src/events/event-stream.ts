import { once } from 'node:events';
import { isTerminal } from '@goalkeeper/domain';
import { EventRepository, GoalRepository, type Database, type GoalEvent } from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import type { Response } from 'express';
import type { GoalWatcher } from '../goals/goal-watcher';
import { toFrame } from './event.view';

const PAGE = 500;

export interface StreamTiming {
  /** A comment keeps proxies from closing a silent stream. */
  readonly pingMs: number;
  /** The client is asked to come back after this long. */
  readonly maxMs: number;
}
export const STREAM_TIMING: StreamTiming = { pingMs: 15_000, maxMs: 30 * 60_000 };

export interface StreamParts {
  readonly database: Database;
  readonly watcher: GoalWatcher;
  readonly log: Logger;
  /** Fires when the server stops. */
  readonly shutdown: AbortSignal;
  readonly timing: StreamTiming;
}

export interface StreamRequest {
  readonly tenantId: string;
  readonly goalId: string;
  /** The last event that the client has. */
  readonly after: number;
}

/**
 * Sends a goal's events as they come, each once and in order, and ends by itself: after the goal's last event
 * (comment `end goal.terminal`), after half an hour (`end stream.time`) or when the server stops
 * (`end server.stopping`). What is sent is what the table holds; a wake-up only says when to look.
 */
export class EventStream {
  private readonly stop = new AbortController();
  private stirred = true;
  private wake: () => void = () => undefined;
  private after: number;

  constructor(
    private readonly parts: StreamParts,
    private readonly request: StreamRequest,
    private readonly response: Response,
  ) {
    this.after = request.after;
  }

  async run(): Promise<void> {
    const { watcher, shutdown, timing } = this.parts;
    const stir = (): void => {
      this.stirred = true;
      this.wake();
    };
    const onShutdown = (): void => this.end('server.stopping');
    const unwatch = watcher.watch(this.request.tenantId, this.request.goalId, stir);
    const ping = setInterval(() => this.response.write(': ping\n\n'), timing.pingMs);
    const limit = setTimeout(() => this.end('stream.time'), timing.maxMs);
    this.response.once('close', () => this.end(null));
    shutdown.addEventListener('abort', onShutdown);
    if (shutdown.aborted) onShutdown();
    try {
      await this.follow();
    } finally {
      unwatch();
      clearInterval(ping);
      clearTimeout(limit);
      shutdown.removeEventListener('abort', onShutdown);
      this.response.end();
    }
  }

  private async follow(): Promise<void> {
    while (!this.stop.signal.aborted) {
      if (!this.stirred) await new Promise<void>((resolve) => (this.wake = resolve));
      if (this.stop.signal.aborted) return;
      this.stirred = false;
      const { events, ended } = await this.read();
      for (const event of events) await this.send(event);
      if (events.length === PAGE) this.stirred = true;
      else if (ended) return this.end('goal.terminal');
    }
  }

  /** The next events, and whether the goal has ended with them; both as of one moment. */
  private async read(): Promise<{ events: GoalEvent[]; ended: boolean }> {
    const { goalId, tenantId } = this.request;
    return this.parts.database.tenant(tenantId, async (tx) => {
      const goal = await new GoalRepository(tx).get(goalId);
      const events = await new EventRepository(tx).page(goalId, this.after, PAGE);
      const last = events.at(-1)?.seq ?? this.after;
      return { events, ended: !goal || (isTerminal(goal.state) && last >= goal.eventSeq) };
    });
  }

  private async send(event: GoalEvent): Promise<void> {
    if (this.stop.signal.aborted || event.seq <= this.after) return;
    if (event.seq !== this.after + 1 && this.after !== this.request.after)
      this.parts.log.error({ goalId: this.request.goalId, after: this.after, seq: event.seq }, 'events.gap');
    this.after = event.seq;
    if (this.response.write(toFrame(event))) return;
    await once(this.response, 'drain', { signal: this.stop.signal }).catch(() => undefined);
  }

  private end(reason: string | null): void {
    if (this.stop.signal.aborted) return;
    if (reason !== null && this.response.writable) this.response.write(`: end ${reason}\n\n`);
    this.stop.abort();
    this.wake();
  }
}

/** Opens the answer: headers at once, so that the client knows that it is connected. */
export function openStream(response: Response): void {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.write('retry: 2000\n\n');
}
