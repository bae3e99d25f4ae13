import { performance } from 'node:perf_hooks';
import {
  collectLessons,
  guideBy,
  type GuidanceModel,
  guidanceFor,
  guidanceWeightsOf,
  learnGuidance,
  type PddlDomain,
  type PddlProblem,
  solve,
  validatePddlPlan,
} from '@goalkeeper/domain';
import { compare, type Comparison, type Run } from './statistics';

/** Problems of one domain: two thirds to learn from, the rest and larger ones to be tested on. */
export interface Course {
  readonly name: string;
  readonly domain: PddlDomain;
  readonly train: readonly PddlProblem[];
  readonly test: readonly PddlProblem[];
}

export interface Measured {
  readonly name: string;
  readonly gate: string;
  readonly trainMs: number;
  readonly onOff: Comparison;
  /** Placebos as they are, gate and all; and with the gate held open. Runs of all seeds together, paired with the model's. */
  readonly onPlacebo: Comparison;
  readonly onPlaceboOpen: Comparison;
  readonly placeboGates: readonly string[];
  readonly runs: Runs;
}

/** Runs of every arm; those of placebos once for each seed. */
export interface Runs {
  readonly off: readonly Run[];
  readonly on: readonly Run[];
  readonly placebo: readonly Run[];
  readonly placeboOpen: readonly Run[];
}

/** Comparisons of the arms, for one domain or for several together. */
export function compareArms({ off, on, placebo, placeboOpen }: Runs) {
  const repeated = Array.from({ length: Math.round(placebo.length / Math.max(1, on.length)) }, () => on).flat();
  return {
    onOff: compare(on, off),
    onPlacebo: compare(repeated, placebo, on.length),
    onPlaceboOpen: compare(repeated, placeboOpen, on.length),
  };
}

/** Work a run may take, in polls of the budget (20,000 operations or 256 nodes each): counted, so that tables repeat exactly. */
const POLLS = 120;

/** Trains in earnest and with shuffled labels, then plans every test problem in all arms. */
export function measure({ name, domain, train, test }: Course, seeds: readonly number[]): Measured {
  const started = performance.now();
  const input = { domain, problems: train, isOver: () => false };
  const lessons = collectLessons(input);
  const model = learnGuidance(lessons, { ...input, placeboSeed: null });
  const trainMs = performance.now() - started;
  const arm = (used: GuidanceModel | null, isForced = false): Run[] =>
    test.map((problem) => plan(domain, problem, used, isForced));
  const off = arm(null);
  const on = arm(model);
  const placebos = seeds.map((placeboSeed) => learnGuidance(lessons, { ...input, placeboSeed }));
  const runs: Runs = {
    off,
    on,
    placebo: placebos.flatMap((placebo) => (placebo.gate.open ? arm(placebo) : off)),
    placeboOpen: placebos.flatMap((placebo) => arm(placebo, true)),
  };
  return {
    name,
    gate: model.gate.why,
    trainMs,
    ...compareArms(runs),
    placeboGates: placebos.map(({ gate }) => gate.why),
    runs,
  };
}

function plan(domain: PddlDomain, problem: PddlProblem, model: GuidanceModel | null, isForced: boolean): Run {
  const guidance = model && guidanceFor(model, domain, problem);
  const forced = isForced && model ? guideBy({ ...model.policy, weights: guidanceWeightsOf(model) }) : null;
  let polls = 0;
  const budget = { maxNodes: Number.MAX_SAFE_INTEGER, isOver: () => (polls += 1) > POLLS };
  const started = performance.now();
  const answer = solve(domain, problem, budget, forced ?? guidance?.guide ?? null);
  const timeMs = performance.now() - started;
  if (answer.kind !== 'classical') return { solved: false, expansions: answer.nodes, planLength: 0, timeMs };
  const findings = validatePddlPlan(domain, problem, answer);
  if (findings.length > 0) throw new Error(`${problem.name}: the validator refuses the plan: ${findings[0]?.message}`);
  return { solved: true, expansions: answer.nodes, planLength: answer.plan.length, timeMs };
}
