import type { GoalEvent } from '@goalkeeper/contracts';
import { createParser } from 'eventsource-parser';
import { ProblemError, UnreachableError } from './errors';
import { pause, type Transport } from './transport';

export interface WatchOptions {
  /** Events with a higher sequence number; 0 for all. */
  readonly after?: number;
  readonly signal?: AbortSignal;
  /** How long the server may be away before watching is given up, milliseconds. */
  readonly patienceMs?: number;
  /** Told when the server has taken the stream up, also when no event has come yet. */
  readonly onConnect?: () => void;
  /** Told when the stream broke and is asked for again. */
  readonly onReconnect?: (cause: string, attempt: number) => void;
}

/** The comment with which the server says that nothing will follow. */
const END = 'end goal.terminal';
/** The server sends a comment each 15 s; three of them missed is a dead connection. */
const SILENCE_MS = 45_000;

/**
 * Every event of a goal, once and in order, until it has ended. A broken stream is resumed after the last event
 * that arrived; the generator ends quietly when the signal fires.
 *
 * @throws {ProblemError} when the server refuses, {UnreachableError} when it stays away longer than `patienceMs`
 */
export async function* watchGoal(
  transport: Transport,
  goalId: string,
  options: WatchOptions = {},
): AsyncGenerator<GoalEvent, void, void> {
  let last = options.after ?? 0;
  let attempt = 0;
  let awaySince: number | null = null;
  while (!options.signal?.aborted) {
    let cause = 'the stream ended early';
    try {
      for await (const event of openStream(transport, goalId, last, options.signal)) {
        attempt = 0;
        awaySince = null;
        if (event === 'end') return;
        if (event === 'open') {
          options.onConnect?.();
          continue;
        }
        if (event.seq <= last) continue;
        last = event.seq;
        yield event;
      }
    } catch (error) {
      if (options.signal?.aborted) return;
      if (error instanceof ProblemError && !error.retryable) throw error;
      awaySince ??= performance.now();
      if (performance.now() - awaySince > (options.patienceMs ?? 120_000)) throw error;
      cause = error instanceof Error ? error.message : String(error);
    }
    attempt += 1;
    options.onReconnect?.(cause, attempt);
    await pause(Math.min(100 * 2 ** attempt, 2_000), options.signal);
  }
}

async function* openStream(
  transport: Transport,
  goalId: string,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<GoalEvent | 'open' | 'end', void, void> {
  const path = `/v1/goals/${encodeURIComponent(goalId)}/events`;
  const headers = { accept: 'text/event-stream', 'last-event-id': String(after) };
  const response = await transport.send(path, { headers, repeatable: false, ...(signal ? { signal } : {}) });
  if (response.status === 204 || !response.body) return yield 'end';
  yield 'open';
  const ready: (GoalEvent | 'end')[] = [];
  const parser = createParser({
    onEvent: (frame) => ready.push(JSON.parse(frame.data) as GoalEvent),
    onComment: (comment) => {
      if (comment.trim() === END) ready.push('end');
    },
  });
  const decoder = new TextDecoder();
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  try {
    for (let chunk = await read(reader, response.url); !chunk.done; chunk = await read(reader, response.url)) {
      parser.feed(decoder.decode(chunk.value, { stream: true }));
      yield* ready.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>, url: string) {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } catch (error) {
    throw new UnreachableError(url, error);
  } finally {
    clearTimeout(timer);
  }
}
