import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import type { Json } from '@goalkeeper/domain';

/** How often a running activity says that it is alive, and learns that it is cancelled. */
const BEAT_MS = 1_000;

export interface Pulse {
  readonly signal: AbortSignal;
  /** Adds what is being done to the next beat. */
  readonly beat: (progress?: Json) => void;
}

/** Beats every second while `work` runs; local activities have no heartbeat and only carry the signal. */
export async function withHeartbeat<T>(work: (pulse: Pulse) => Promise<T>): Promise<T> {
  const { cancellationSignal } = Context.current();
  if (activityInfo().isLocal) return work({ signal: cancellationSignal, beat: () => undefined });
  let progress: Json = null;
  const timer = setInterval(() => heartbeat(progress), BEAT_MS);
  try {
    return await work({ signal: cancellationSignal, beat: (latest = null) => (progress = latest) });
  } finally {
    clearInterval(timer);
  }
}
