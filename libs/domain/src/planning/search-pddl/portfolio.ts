import type { Meter } from './meter';

export interface Runner<Found extends object> {
  /** One expansion. `empty`: the whole space was seen without a solution. */
  readonly step: () => Found | 'going' | 'empty';
  /** Its part of the work, relative to the others. */
  readonly share: number;
  /** It leaves something out, so that its end proves nothing. */
  readonly isPartial?: boolean;
  /** Work that counts as spent by it before it begins. */
  readonly spent?: number;
}

/**
 * Runs searches side by side, each for its share of the work (counted, not timed, so that runs repeat exactly). The first solution
 * wins; one complete search that has seen everything proves that there is none.
 */
export function runPortfolio<Found extends object>(runners: readonly Runner<Found>[], meter: Meter): Found | null {
  const running = runners.map((runner) => ({ runner, spent: runner.spent ?? 0 }));
  for (;;) {
    const [first, ...others] = running;
    if (!first) return null;
    const load = ({ runner, spent }: typeof first): number => spent / runner.share;
    const chosen = others.reduce((least, one) => (load(one) < load(least) ? one : least), first);
    const before = meter.work;
    const result = runSlice(chosen.runner, meter);
    chosen.spent += meter.work - before;
    if (result === 'going') continue;
    if (result !== 'empty') return result;
    if (!chosen.runner.isPartial) return null;
    running.splice(running.indexOf(chosen), 1);
  }
}

function runSlice<Found extends object>({ step }: Runner<Found>, meter: Meter): Found | 'going' | 'empty' {
  const end = meter.work + SLICE;
  while (meter.work < end) {
    const result = step();
    if (result !== 'going') return result;
    meter.spend(1);
  }
  return 'going';
}

export const SLICE = 30_000;
