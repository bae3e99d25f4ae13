import { createClient } from 'redis';
import type { Logger } from '../logging/logger';

const CHANNEL = 'gk:goal';
/** How long a hint that a goal moved may wait for others. */
const GATHER_MS = 20;

/** What a goal's readers are told: that it moved on, or that it came to its end. */
export type GoalChange = 'moved' | 'ended';

/** Tells waiting readers that a goal has new events. Only a hint: whoever misses it polls the database. */
export interface Wakeups {
  readonly kind: 'redis' | 'none';
  /** Never throws and never waits: a lost hint costs a reader one polling interval. */
  publish(goalId: string, change: GoalChange): void;
  /** @returns a function that ends the subscription */
  subscribe(goalId: string, onWake: (change: GoalChange) => void): () => void;
  close(): Promise<void>;
}

const SILENT: Wakeups = {
  kind: 'none',
  publish: () => undefined,
  subscribe: () => () => undefined,
  close: async () => undefined,
};

/**
 * Wake-ups over Redis publish/subscribe; without `redisUrl` nobody is woken and readers poll.
 * A Redis that is away is reported once per outage and reconnected to in the background.
 */
export async function createWakeups({ redisUrl, log }: { redisUrl?: string; log: Logger }): Promise<Wakeups> {
  if (!redisUrl) {
    log.warn({ setting: 'REDIS_URL' }, 'redis.absent');
    return SILENT;
  }
  const listeners = new Map<string, Set<(change: GoalChange) => void>>();
  const publisher = connect(redisUrl, log);
  const subscriber = connect(redisUrl, log);
  const onMessage = (message: string): void => {
    const [goalIds = '', change] = message.split(' ');
    for (const goalId of goalIds.split(','))
      listeners.get(goalId)?.forEach((wake) => wake(change === 'ended' ? 'ended' : 'moved'));
  };
  void subscriber
    .subscribe(CHANNEL, onMessage)
    .catch((error: unknown) => log.warn({ err: error }, 'redis.subscribe_failed'));
  return {
    kind: 'redis',
    publish: gathered((message) => {
      if (publisher.isReady)
        publisher.publish(CHANNEL, message).catch((error: unknown) => log.warn({ err: error }, 'redis.publish_failed'));
    }),
    subscribe(goalId, onWake) {
      const set = listeners.get(goalId) ?? new Set();
      listeners.set(goalId, set.add(onWake));
      return () => {
        set.delete(onWake);
        if (set.size === 0) listeners.delete(goalId);
      };
    },
    async close() {
      publisher.destroy();
      subscriber.destroy();
    },
  };
}

/** Sends an end at once, and what moved within a moment together: a goal moves a dozen times, mostly with nobody looking. */
function gathered(send: (message: string) => void): Wakeups['publish'] {
  const moved = new Set<string>();
  const flush = (): void => {
    send(`${[...moved].join(',')} moved`);
    moved.clear();
  };
  return (goalId, change) => {
    if (change === 'ended') return send(`${goalId} ended`);
    if (moved.size === 0) setTimeout(flush, GATHER_MS).unref();
    moved.add(goalId);
  };
}

function connect(url: string, log: Logger): ReturnType<typeof createClient> {
  const client = createClient({
    url,
    socket: { connectTimeout: 2_000, reconnectStrategy: (tries) => Math.min(100 * 2 ** tries, 5_000) },
  });
  let reported = false;
  client.on('error', (error: unknown) => {
    if (!reported) log.warn({ err: error }, 'redis.unreachable');
    reported = true;
  });
  client.on('ready', () => {
    reported = false;
  });
  void client.connect().catch((error: unknown) => log.warn({ err: error }, 'redis.connect_failed'));
  return client as ReturnType<typeof createClient>;
}
