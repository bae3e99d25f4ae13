import { plural } from '../../counting';
import type { PddlDomain, PddlProblem } from '../pddl/model';
import { solve } from '../search-pddl/solve';
import { guideBy } from './guide';
import type { Policy } from './guided-search';
import type { Gate, Trial } from './model';

/** Elementary work of one held-back problem, in polls of the budget (20,000 operations or 256 nodes each). */
const POLLS = 80;

/**
 * Guidance is used where it saves and loses nothing. What it must save is little, because problems to train on are small, and what is
 * saved grows with the size. That a problem becomes dearer is accepted only where much is saved: a single one of so few is a larger share
 * than anybody would bear.
 */
const GATE = { ratio: 0.98, muchSaved: 0.85, harmedShare: 0.05 } as const;

/** Nodes that the unguided search may take in vain, to begin with, before the guided one takes over its tree: very late, late, or early. */
export const LATEST = 32;
export const LATE = 8;
export const EARLY = 2;
/** The guided search begins. */
export const BEGINS = -1;
/** What risks more must be this much better than what risks less, and harm no more problems. */
const WORTH = { early: 0.8, begins: 0.5 } as const;

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

/** One in ten problems that become dearer counts as much as twice the expansions. */
const HARM_WEIGHT = 10;

/** What counts against a trial beside its ratio: problems that became dearer, and much more those that were lost. */
export function badness({ ratio, harmed, lost, problems }: Trial): number {
  return ratio * (1 + (HARM_WEIGHT * harmed) / Math.max(1, problems)) + lost;
}

/** The trial with the least that counts against it. */
export function leastBad(trials: readonly Trial[]): Trial | null {
  return trials.toSorted((a, b) => badness(a) - badness(b))[0] ?? null;
}

/**
 * The way to use what was learned: the guided search takes over late, when the unguided one has gone astray for certain, so that problems
 * that it solves nearly straight cost what they cost; early, or from the beginning, only where that needs much less and harms no
 * more, or where late is too late for anything and early harms nothing.
 */
export function bestTrial(trials: readonly Trial[]): Trial | null {
  const late = leastBad(trials.filter(({ allowedWaste }) => allowedWaste > EARLY));
  const early = leastBad(trials.filter(({ allowedWaste }) => allowedWaste >= 0 && allowedWaste <= EARLY));
  const begins = leastBad(trials.filter(({ allowedWaste }) => allowedWaste < 0));
  const isUseless = early?.harmed === 0 && early.lost === 0 && late !== null && late.ratio > GATE.ratio;
  const chosen = isUseless || isWorth(early, late, WORTH.early) ? early : late;
  return isWorth(begins, chosen, WORTH.begins) ? begins : chosen;
}

function isWorth(riskier: Trial | null, safer: Trial | null, ratio: number): boolean {
  if (!riskier || !safer) return safer === null;
  return riskier.harmed <= safer.harmed && riskier.lost === 0 && badness(riskier) <= ratio * badness(safer);
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
  const mayHarm = best.ratio <= GATE.muchSaved ? GATE.harmedShare * best.problems : 0;
  const open = best.lost === 0 && best.ratio <= GATE.ratio && best.harmed <= mayHarm;
  return { open, why: `${open ? 'on' : 'off'}: ${figures}`, trials, best };
}
