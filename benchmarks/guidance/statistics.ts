import { Chance } from './domains';

/** What one arm needed for one problem. */
export interface Run {
  readonly solved: boolean;
  readonly expansions: number;
  readonly planLength: number;
  readonly timeMs: number;
}

/** Two arms on the same problems. */
export interface Comparison {
  readonly problems: number;
  readonly solved: readonly [number, number];
  /** Solved by the second arm only. */
  readonly lost: number;
  /** Both solve it, the first with more expansions. */
  readonly harmed: number;
  /** Geometric mean of the first arm's expansions over the second's, where both solve, with a 95 % interval over problems. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 4000;

/**
 * Compares arm `a` with arm `b`, paired by problem. Where the same problems come several times (once for each seed of a placebo), a
 * problem is drawn with all its runs, so that repetition does not make the interval narrower.
 *
 * @param problems how many different problems there are; runs repeat in this order
 * @returns a 95 % percentile bootstrap interval over problems, with a fixed seed
 */
export function compare(a: readonly Run[], b: readonly Run[], problems = a.length): Comparison {
  const pairs = a.flatMap((one, index) => {
    const other = b[index];
    return other ? [{ a: one, b: other, problem: index % problems }] : [];
  });
  const both = pairs.filter((pair) => pair.a.solved && pair.b.solved);
  const groups = Array.from({ length: problems }, (): number[] => []);
  for (const pair of both)
    groups[pair.problem]?.push(Math.log(Math.max(1, pair.a.expansions) / Math.max(1, pair.b.expansions)));
  const known = groups.filter((logs) => logs.length > 0);
  const chance = new Chance(1);
  const draw = (): number => mean(known.flatMap(() => chance.pick(known)));
  const means = Array.from({ length: known.length === 0 ? 0 : RESAMPLES }, draw).sort((x, y) => x - y);
  const at = (share: number): number => Math.exp(means[Math.floor(share * (means.length - 1))] ?? 0);
  return {
    problems: pairs.length,
    solved: [pairs.filter((pair) => pair.a.solved).length, pairs.filter((pair) => pair.b.solved).length],
    lost: pairs.filter((pair) => !pair.a.solved && pair.b.solved).length,
    harmed: both.filter((pair) => pair.a.expansions > pair.b.expansions).length,
    ratio: Math.exp(mean(known.flat())),
    low: at(0.025),
    high: at(0.975),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
