import { performance } from 'node:perf_hooks';
import type { Terminal } from '../io/terminal';

const SHOW_EVERY_MS = 250;

/** A time limit that a search asks, and that shows how long it has been searching. */
export interface SearchClock {
  readonly isOver: () => boolean;
  readonly elapsedMs: () => number;
  /** Wipes what was shown. */
  readonly stop: () => void;
}

/**
 * Starts the time of a search. While it is asked, a line on a terminal's stderr counts the seconds; files and pipes see
 * nothing of it.
 */
export function startClock(terminal: Terminal, limitSeconds: number): SearchClock {
  const startMs = performance.now();
  let shownMs = startMs;
  let hasShown = false;
  const elapsedMs = (): number => Math.round((performance.now() - startMs) * 10) / 10;
  const show = (nowMs: number): void => {
    shownMs = nowMs;
    hasShown = true;
    const seconds = ((nowMs - startMs) / 1000).toFixed(1);
    terminal.screen.write(`\r\u001b[2Kplanning · ${seconds} s of ${limitSeconds} s`);
  };
  return {
    elapsedMs,
    isOver: () => {
      const nowMs = performance.now();
      if (terminal.redraws && nowMs - shownMs >= SHOW_EVERY_MS) show(nowMs);
      return nowMs - startMs >= limitSeconds * 1000;
    },
    stop: () => void (hasShown && terminal.screen.write('\r\u001b[2K')),
  };
}
