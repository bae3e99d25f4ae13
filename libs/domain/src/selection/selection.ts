import type { LessonKind } from '../learning/lesson';
import type { ToolDescriptor } from '../tools/effect';
import type { ToolBinding } from '../planning/pack';

/** What memory knows about a tool, for this tenant. Counts are decayed by time, so not whole. Times in milliseconds. */
export interface ToolStat {
  readonly tool: string;
  /** Bucket of the calls' context (`contextOf`); absent or empty for the tool as a whole. */
  readonly context?: string;
  readonly successes: number;
  readonly failures: number;
  readonly meanDurationMs: number;
  /** Moments of ln milliseconds over the same calls; absent in records of older goals. */
  readonly meanLogMs?: number;
  readonly varLogMs?: number;
  readonly meanCostUsd?: number;
  /** Failures in a row that a later try might not have met (transient ones), over all goals, newest last. */
  readonly failing?: number;
  /** Seconds since the last of them. */
  readonly failedSecondsAgo?: number;
  /** The newest values of what calls returned (size, time, numbers), at most eleven of each; for noticing what is odd. */
  readonly samples?: Readonly<Record<string, readonly number[]>>;
}

/** Why a candidate may not be taken at all. */
export interface Gate {
  readonly gate: 'unknown_tool' | 'precondition' | 'banned' | 'permission' | 'budget' | 'circuit';
  readonly reason: string;
}

/**
 * All that went into a score, so that it can be recomputed:
 * `toolMean` = (toolPriorSuccesses + toolSuccesses) / (… + toolPriorFailures + toolFailures) ·
 * `priorSuccesses` = backOff · toolMean + lessonSuccesses, `priorFailures` = backOff · (1 − toolMean) + lessonFailures ·
 * `mean` = repair · (priorSuccesses + successes) / (priorSuccesses + priorFailures + successes + failures) ·
 * `p` = `mean`, or repair · quantile(draw) of that Beta distribution where draw > 0 ·
 * score = p · value − costWeight · costUsd − latencyWeight · expectedSeconds − risk − penalty.
 */
export interface ScoreFactors {
  /** Of this context: decayed counts. */
  readonly successes: number;
  readonly failures: number;
  /** What is believed of this context before its own calls: the tool's record, worth `backOff` calls, and lessons. */
  readonly priorSuccesses: number;
  readonly priorFailures: number;
  readonly backOff: number;
  /** Of the tool in all contexts. */
  readonly toolSuccesses: number;
  readonly toolFailures: number;
  readonly toolPriorSuccesses: number;
  readonly toolPriorFailures: number;
  readonly toolMean: number;
  readonly lessonSuccesses: number;
  readonly lessonFailures: number;
  /** 0..1, below 1 while a precondition that lessons suspect does not hold. */
  readonly repair: number;
  /** Expected probability of success. */
  readonly mean: number;
  /** Seed of the sample, in (0, 1); 0 where nothing is explored. */
  readonly draw: number;
  /** The probability that the score uses. */
  readonly p: number;
  readonly value: number;
  readonly costUsd: number;
  readonly costWeight: number;
  readonly costCalls: number;
  readonly meanCostUsd: number;
  readonly declaredCostUsd: number;
  readonly expectedSeconds: number;
  readonly latencyWeight: number;
  /** Mean seconds of the log-normal distribution of this context and of the tool, each with its calls. */
  readonly contextCalls: number;
  readonly contextSeconds: number;
  readonly toolCalls: number;
  readonly toolSeconds: number;
  readonly boundSeconds: number;
  readonly risk: number;
  readonly penalty: number;
}

export interface Candidate {
  readonly binding: ToolBinding;
  readonly tool: ToolDescriptor | null;
  readonly gates: readonly Gate[];
}

/** A lesson that took part, and what the score would lack without it (below zero: it cost the candidate something). */
export interface LessonShare {
  readonly id: string;
  readonly kind: LessonKind;
  readonly change: number;
}

export interface ScoredCandidate {
  readonly tool: string;
  readonly bindingIndex: number;
  readonly gates: readonly Gate[];
  /** Null when a gate is shut. */
  readonly score: number | null;
  readonly factors: ScoreFactors | null;
  readonly lessons?: readonly LessonShare[];
}

/** The factor of the chosen candidate that decided, and the value of it at which the runner-up draws level. */
export interface DecisiveFactor {
  readonly bindingIndex: number;
  readonly factor: 'p' | 'costUsd' | 'expectedSeconds' | 'risk' | 'penalty';
  readonly value: number;
  /** Beyond it (below for `p`, above for the others) the runner-up is chosen. */
  readonly flipsAt: number;
  readonly insteadIndex: number;
  readonly instead: string;
}

/** The choice for one step, with all that it beat; stored as the decision record. */
export interface Decision {
  readonly stepId: string;
  /** Null when every candidate is gated. */
  readonly chosen: { readonly tool: string; readonly bindingIndex: number } | null;
  /** Calibrated probability that the chosen action succeeds: `mean` of its factors through the calibration map. */
  readonly confidence: number;
  readonly candidates: readonly ScoredCandidate[];
  /** Ids of the episodes that recall brought in, and whether they changed anything. */
  readonly recalledEpisodes: readonly string[];
  readonly reason: string;
  /** What the calls of this step have in common with others: the bucket of the records used. */
  readonly context?: string;
  /** True when p was sampled, so that what is little known gets its turn. */
  readonly explored?: boolean;
  /** Null when there was nothing to decide between. */
  readonly decisive?: DecisiveFactor | null;
  /** Present when the confidence is too low to go on as if nothing was the matter; `reason` says why. */
  readonly advice?: Advice;
  /** When it was made, ISO 8601; rules that expire were judged by it. */
  readonly at?: string;
}

/** `ask` a person before what cannot be undone, `gather` what is known too little about, `replan` around what mostly fails. */
export type Advice = 'ask' | 'gather' | 'replan';
