import type { Meter } from './meter';

export interface Runner<Found extends object> {
  /** One expansion. `empty`: the whole space was seen without a solution. */
  readonly step: () => Found | 'going' | 'empty';
  /** Its part of the work, relative to the others. */
  readonly share: number;
}

/**
 * Runs searches side by side, each for its share of the work (counted, not timed, so that runs repeat exactly). The first solution
 * wins; one search that has seen everything proves that there is none.
 */
export function runPortfolio<Found extends object>(runners: readonly Runner<Found>[], meter: Meter): Found | null {
  const spent = runners.map(() => 0);
  for (;;) {
    let chosen = 0;
    runners.forEach(({ share }, index) => {
      const mine = (spent[index] ?? 0) / share;
      if (mine < (spent[chosen] ?? 0) / (runners[chosen]?.share ?? 1)) chosen = index;
    });
    const runner = runners[chosen];
    if (!runner) return null;
    const before = meter.work;
    while (meter.work - before < SLICE) {
      const result = runner.step();
      if (result === 'empty') return null;
      if (result !== 'going') return result;
      meter.spend(1);
    }
    spent[chosen] = (spent[chosen] ?? 0) + meter.work - before;
  }
}

const SLICE = 30_000;
