import type { GroundProblem } from './ground-problem';
import type { Meter } from './meter';
import type { Trace } from './network';
import type { Runner } from './portfolio';
import { TotalOrderProgression } from './progression';
import type { RelaxedPlan } from './relaxed-plan';
import type { Search } from './searches';
import { BestFirst, DeepeningDepthFirst, relaxedValue } from './searches';
import type { TopDown } from './top-down';

/** Parts of the work beside those of the other searches. */
const SHARES = { informed: 4, deep: 1 };

/** Progression of a partially ordered problem in one of the orders that it allows. */
export function linearProgression(ground: GroundProblem, meter: Meter): TotalOrderProgression {
  const methods = ground.methods.map((method) => ({ ...method, sequence: method.linear }));
  return new TotalOrderProgression({ ...ground, methods }, meter);
}

/** Searches in one order: they see less than those in all orders, and see it through. That they end proves nothing. */
export function linearRunners<Found extends object>(
  linear: TotalOrderProgression,
  planned: (trace: Trace | null) => Found,
  parts: { relaxed: RelaxedPlan; topDown: TopDown | null; meter: Meter },
): Runner<Found>[] {
  const start = linear.start();
  if (!start) return [];
  if (start.solved) return [{ step: () => planned(start.trace), share: SHARES.informed, isPartial: true }];
  const runner = (search: Search<typeof start.open>, share: number): Runner<Found> => ({
    step: () => {
      const found = search.step();
      return typeof found === 'string' ? found : planned(found.trace);
    },
    share,
    isPartial: true,
  });
  return [
    runner(new BestFirst(linear, parts.meter, relaxedValue(linear, parts), start), SHARES.informed),
    runner(new DeepeningDepthFirst(linear, parts.meter, start), SHARES.deep),
  ];
}
