import { plural } from '../../counting';
import type { PddlDomain, PddlProblem } from '../pddl/model';
import { solve } from '../search-pddl/solve';
import { guideBy } from './guide';
import type { Policy } from './guided-search';
import type { Gate, Trial } from './model';

/** Elementary work of one held-back problem, in polls of the budget (20,000 operations or 256 nodes each). */
const POLLS = 80;

/**
 * Guidance is used where it saves, loses nothing and hardly ever costs more. What it must save is little, because problems to train
 * on are small, and what is saved grows with the size.
 */
const GATE = { ratio: 0.98, harmedShare: 0.05 } as const;

/** Nodes that the unguided search may take in vain before the guided one takes over its tree. */
export const TAKES_OVER = 2;
/** The guided search begins. */
export const BEGINS = -1;
/** To begin, it must need this much less than when it takes over, and harm nothing: it risks more. */
const BEGINS_RATIO = 0.5;

/** One way to use what was learned. */
export type Choice = Pick<Trial, 'from' | 'stepWeight' | 'allowedWaste'>;

/** What one search needed. */
export interface Run {
  readonly solved: boolean;
  readonly expansions: number;
}

/** Plans a problem with a budget that is counted, not timed. */
export function measure(domain: PddlDomain, problem: PddlProblem, policy: Policy | null, isOver: () => boolean): Run {
  let polls = 0;
  const budget = { maxNodes: Number.MAX_SAFE_INTEGER, isOver: () => (polls += 1) > POLLS || isOver() };
  const answer = solve(domain, problem, budget, policy && guideBy(policy));
  return { solved: answer.kind === 'classical', expansions: answer.nodes };
}

/** Figures of guided runs against unguided ones of the same problems, in the same order. */
export function compareRuns(off: readonly Run[], on: readonly Run[], choice: Choice): Trial {
  const pairs = off.map((one, index) => ({ off: one, on: on[index] ?? { solved: false, expansions: 0 } }));
  const both = pairs.filter((pair) => pair.off.solved && pair.on.solved);
  const logs = both.map((pair) => Math.log(Math.max(1, pair.on.expansions) / Math.max(1, pair.off.expansions)));
  return {
    ...choice,
    problems: pairs.length,
    solvedOff: off.filter(({ solved }) => solved).length,
    solvedOn: on.filter(({ solved }) => solved).length,
    lost: pairs.filter((pair) => pair.off.solved && !pair.on.solved).length,
    harmed: both.filter((pair) => pair.on.expansions > pair.off.expansions).length,
    ratio: both.length === 0 ? 1 : Math.round(Math.exp(logs.reduce((a, b) => a + b, 0) / both.length) * 1e4) / 1e4,
  };
}

/** What counts against a trial beside its ratio: problems that became dearer, and much more those that were lost. */
export function badness({ ratio, harmed, lost, problems }: Trial): number {
  return ratio * (1 + harmed / Math.max(1, problems)) + lost;
}

/** The trial with the least that counts against it. */
export function leastBad(trials: readonly Trial[]): Trial | null {
  return trials.toSorted((a, b) => badness(a) - badness(b))[0] ?? null;
}

/** The way to use what was learned: the guided search takes over, unless it does much better where it begins. */
export function bestTrial(trials: readonly Trial[]): Trial | null {
  const takesOver = leastBad(trials.filter(({ allowedWaste }) => allowedWaste >= 0));
  const begins = leastBad(trials.filter(({ allowedWaste }) => allowedWaste < 0));
  if (!takesOver || !begins) return takesOver ?? begins;
  const isHarmless = begins.harmed === 0 && begins.lost === 0;
  return isHarmless && begins.ratio <= BEGINS_RATIO * takesOver.ratio ? begins : takesOver;
}

/** Decides by the best trial whether a domain is guided. */
export function decideGate(trials: readonly Trial[]): Gate & { readonly best: Trial | null } {
  const best = bestTrial(trials);
  if (!best)
    return { open: false, why: 'off: no trial was completed, so nothing shows that guidance helps', trials, best };
  if (best.solvedOff + best.solvedOn === 0) {
    const why = 'off: no held-back problem was solved, so nothing shows that guidance helps';
    return { open: false, why, trials, best };
  }
  const figures = `${best.ratio} × the expansions on ${plural(best.problems, 'held-back problem')}, ${best.harmed} dearer, ${best.lost} lost`;
  const open = best.lost === 0 && best.ratio <= GATE.ratio && best.harmed <= GATE.harmedShare * best.problems;
  return { open, why: `${open ? 'on' : 'off'}: ${figures}`, trials, best };
}
