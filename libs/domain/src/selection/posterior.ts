import type { EffectClass, ToolDescriptor } from '../tools/effect';
import { betaQuantile } from './beta';
import type { LessonTerms } from './lesson-terms';
import type { ScoreFactors, ToolStat } from './selection';

/**
 * Beta(4, 1): a tool never tried is expected to work four times in five, for tools ship tested; about five calls of
 * its own outweigh that.
 */
export const PRIOR = { successes: 4, failures: 1 } as const;

/** Calls that the tool's record as a whole is worth in a context of which little is known. */
export const BACK_OFF = 4;

/** What a US dollar and a second of waiting are worth in probability of success. */
export const WEIGHTS = { costWeight: 1, latencyWeight: 0.002 } as const;

/** Worth of a success, in the same unit. */
export const VALUE = 1;

/** Taken off for what cannot be undone, by effect class. */
export const EFFECT_RISK: Readonly<Record<EffectClass, number>> = {
  pure: 0,
  transactional: 0.005,
  idempotent: 0.01,
  once: 0.05,
};

export interface FactorInput {
  readonly tool: ToolDescriptor;
  readonly context: string;
  readonly stats: readonly ToolStat[];
  readonly terms: LessonTerms;
  /** Seed of the sample in (0, 1); 0: the mean is used. */
  readonly draw: number;
}

/** score = p · value − costWeight · costUsd − latencyWeight · expectedSeconds − risk − penalty; at most `value`. */
export function scoreOf(factors: ScoreFactors): number {
  const { p, value, costWeight, costUsd, latencyWeight, expectedSeconds, risk, penalty } = factors;
  return p * value - costWeight * costUsd - latencyWeight * expectedSeconds - risk - penalty;
}

/**
 * Every factor of a candidate's score; the formulas are those of {@link ScoreFactors}. With more successes in the record, and
 * all else equal, neither `mean` nor `p` is lower: both are means or quantiles, for one fixed draw, of Beta distributions whose
 * first parameter only grows.
 */
export function factorsOf({ tool, context, stats, terms, draw }: FactorInput): ScoreFactors {
  const own = stats.filter((stat) => stat.tool === tool.name);
  const whole = countsOf(own.find((stat) => (stat.context ?? '') === ''));
  const here = countsOf(context === '' ? undefined : own.find((stat) => stat.context === context));
  const belief = beliefOf(whole, here, terms);
  const a = belief.priorSuccesses + belief.successes;
  const b = belief.priorFailures + belief.failures;
  const mean = (terms.repair * a) / (a + b);
  return {
    ...belief,
    repair: terms.repair,
    mean,
    draw,
    p: draw > 0 ? terms.repair * betaQuantile(draw, a, b) : mean,
    value: VALUE,
    ...costOf(tool, whole),
    ...latencyOf(tool, whole, here),
    risk: EFFECT_RISK[tool.effect],
    penalty: terms.penalty,
  };
}

interface Counts {
  readonly successes: number;
  readonly failures: number;
  readonly calls: number;
  readonly seconds: number;
  readonly costUsd: number;
}

/** A log-normal mean is not taken for more than so many times the plain one: few calls make a wild variance. */
const MOST_SKEW = 4;

function countsOf(stat: ToolStat | undefined): Counts {
  const successes = Math.max(0, stat?.successes ?? 0);
  const failures = Math.max(0, stat?.failures ?? 0);
  return {
    successes,
    failures,
    calls: successes + failures,
    seconds: stat ? expectedSeconds(stat) : 0,
    costUsd: stat?.meanCostUsd ?? 0,
  };
}

/** exp(μ + σ²/2), the mean of the log-normal distribution with these moments of ln milliseconds. */
function expectedSeconds({ meanLogMs, varLogMs = 0, meanDurationMs }: ToolStat): number {
  if (meanLogMs === undefined) return Math.max(0, meanDurationMs) / 1000;
  const skewed = Math.exp(meanLogMs + Math.max(0, varLogMs) / 2);
  return Math.min(skewed, MOST_SKEW * Math.max(meanDurationMs, Math.exp(meanLogMs))) / 1000;
}

type Belief = Pick<
  ScoreFactors,
  | 'successes'
  | 'failures'
  | 'priorSuccesses'
  | 'priorFailures'
  | 'backOff'
  | 'toolSuccesses'
  | 'toolFailures'
  | 'toolPriorSuccesses'
  | 'toolPriorFailures'
  | 'toolMean'
  | 'lessonSuccesses'
  | 'lessonFailures'
>;

function beliefOf(whole: Counts, here: Counts, terms: LessonTerms): Belief {
  const toolPriorSuccesses = PRIOR.successes + terms.tool.successes;
  const toolPriorFailures = PRIOR.failures + terms.tool.failures;
  const a = toolPriorSuccesses + whole.successes;
  const toolMean = a / (a + toolPriorFailures + whole.failures);
  return {
    successes: here.successes,
    failures: here.failures,
    priorSuccesses: BACK_OFF * toolMean + terms.context.successes,
    priorFailures: BACK_OFF * (1 - toolMean) + terms.context.failures,
    backOff: BACK_OFF,
    toolSuccesses: whole.successes,
    toolFailures: whole.failures,
    toolPriorSuccesses,
    toolPriorFailures,
    toolMean,
    lessonSuccesses: terms.context.successes,
    lessonFailures: terms.context.failures,
  };
}

type Cost = Pick<ScoreFactors, 'costUsd' | 'costWeight' | 'costCalls' | 'meanCostUsd' | 'declaredCostUsd'>;

/** What calls cost so far, the declared cost counting as one more call. */
function costOf(tool: ToolDescriptor, { calls, costUsd }: Counts): Cost {
  return {
    costUsd: (calls * costUsd + tool.costUsd) / (calls + 1),
    costWeight: WEIGHTS.costWeight,
    costCalls: calls,
    meanCostUsd: costUsd,
    declaredCostUsd: tool.costUsd,
  };
}

type Latency = Pick<
  ScoreFactors,
  'expectedSeconds' | 'latencyWeight' | 'contextCalls' | 'contextSeconds' | 'toolCalls' | 'toolSeconds' | 'boundSeconds'
>;

/** What calls took here, those of the tool as a whole counting as `backOff` more, and its own bound as one call of them. */
function latencyOf(tool: ToolDescriptor, whole: Counts, here: Counts): Latency {
  const boundSeconds = tool.boundMs / 1000;
  const anywhere = (whole.calls * whole.seconds + boundSeconds) / (whole.calls + 1);
  return {
    expectedSeconds: (here.calls * here.seconds + BACK_OFF * anywhere) / (here.calls + BACK_OFF),
    latencyWeight: WEIGHTS.latencyWeight,
    contextCalls: here.calls,
    contextSeconds: here.seconds,
    toolCalls: whole.calls,
    toolSeconds: whole.seconds,
    boundSeconds,
  };
}
