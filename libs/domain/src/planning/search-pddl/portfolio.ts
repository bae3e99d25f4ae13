import type { Meter } from './meter';
import type { Node } from './progression';
import type { Search } from './searches';

export interface Runner<Open> {
  readonly search: Search<Open>;
  /** Its part of the work, relative to the others. */
  readonly share: number;
}

/**
 * Runs searches side by side, each for its share of the work (counted, not timed, so that runs repeat exactly). The first solution
 * wins; one search that has seen everything proves that there is none.
 */
export function runPortfolio<Open>(runners: readonly Runner<Open>[], meter: Meter): Node<Open> | null {
  const spent = runners.map(() => 0);
  for (;;) {
    let chosen = 0;
    runners.forEach(({ share }, index) => {
      const mine = (spent[index] ?? 0) / share;
      if (mine < (spent[chosen] ?? 0) / (runners[chosen]?.share ?? 1)) chosen = index;
    });
    const search = runners[chosen]?.search;
    if (!search) return null;
    const before = meter.work;
    while (meter.work - before < SLICE) {
      const result = search.step();
      if (result === 'empty') return null;
      if (result !== 'going') return result;
      meter.spend(1);
    }
    spent[chosen] = (spent[chosen] ?? 0) + meter.work - before;
  }
}

const SLICE = 100_000;
