import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { Terminal } from '../io/terminal';

const SHOW_EVERY_MS = 250;
/** How often memory is looked at. */
const MEMORY_EVERY_MS = 50;
/** Share of the memory at which a search ends: what is left is needed to tell the answer. */
const MEMORY_SHARE = 0.8;
/** Kept of the limit for checking and writing the plan, at most, and as a share of it. */
const RESERVE_MS = 500;
const RESERVE_SHARE = 0.05;
/** Kept at most where other programs take the processor: the same work then takes that much longer. */
const BUSY_SHARE = 0.15;

/** Milliseconds since this process began, the same in all its threads. */
export const sinceStartMs = (): number => process.uptime() * 1000;

/** How long the processor has worked for this process, in milliseconds. */
export const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 100) / 10;
};

/** A time limit that a search asks, and that shows how long it has been searching. */
export interface SearchClock {
  readonly isOver: () => boolean;
  /** What ended the search, if anything did. */
  readonly ended: () => 'time' | 'memory' | null;
  readonly elapsedMs: () => number;
  /** Wipes what was shown. */
  readonly stop: () => void;
}

/**
 * Takes the time of a search from the beginning of its command on; it ends a little before its limit so that the answer is out
 * by then, and early when memory runs short. While it is asked, a line on a terminal's stderr counts the seconds; files and
 * pipes see nothing of it.
 *
 * @param doing what the line says is being done
 */
export function startClock(
  terminal: Terminal,
  limitSeconds: number,
  doing: () => string = () => 'planning',
): SearchClock {
  const now = sinceStartMs();
  const startMs = terminal.begunMs;
  let limitMs = limitSeconds * 1000 - reserveMs(limitSeconds, 1);
  let shownMs = now;
  let lookedMs = now;
  let ended: 'time' | 'memory' | null = null;
  let hasShown = false;
  const elapsedMs = (): number => Math.round((sinceStartMs() - startMs) * 10) / 10;
  const show = (nowMs: number): void => {
    shownMs = nowMs;
    hasShown = true;
    const seconds = ((nowMs - startMs) / 1000).toFixed(1);
    terminal.screen.write(`\r\u001b[2K${doing()} · ${seconds} s of ${limitSeconds} s`);
  };
  return {
    elapsedMs,
    isOver: () => {
      const nowMs = sinceStartMs();
      if (terminal.redraws && nowMs - shownMs >= SHOW_EVERY_MS) show(nowMs);
      if (nowMs - startMs >= limitMs) ended ??= 'time';
      else if (nowMs - lookedMs >= MEMORY_EVERY_MS) {
        lookedMs = nowMs;
        limitMs = limitSeconds * 1000 - reserveMs(limitSeconds, slowdown(nowMs));
        if (isMemoryShort()) ended ??= 'memory';
      }
      return ended !== null;
    },
    ended: () => ended,
    stop: () => void (hasShown && terminal.screen.write('\r\u001b[2K')),
  };
}

function reserveMs(limitSeconds: number, slow: number): number {
  const limitMs = limitSeconds * 1000;
  return Math.min(Math.min(RESERVE_MS, limitMs * RESERVE_SHARE) * slow, limitMs * BUSY_SHARE);
}

/** How much longer everything takes than it would alone on the machine: time passed by time that this process ran, 1 at least. */
function slowdown(nowMs: number): number {
  const { user, system } = process.cpuUsage();
  return Math.max(1, nowMs / Math.max(1, (user + system) / 1000));
}

function isMemoryShort(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  const machine = Math.min(process.constrainedMemory() || Infinity, totalmem());
  return used > MEMORY_SHARE * limit || process.memoryUsage.rss() > MEMORY_SHARE * machine;
}
