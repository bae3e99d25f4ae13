import type { ToolDescriptor } from '../tools/effect';
import type { ToolBinding } from '../planning/pack';

/** What memory knows about a tool, for this tenant. Times in milliseconds. */
export interface ToolStat {
  readonly tool: string;
  readonly successes: number;
  readonly failures: number;
  readonly meanDurationMs: number;
}

/** Why a candidate may not be taken at all. */
export interface Gate {
  readonly gate: 'unknown_tool' | 'precondition' | 'banned' | 'permission' | 'budget';
  readonly reason: string;
}

/** All that went into a score, so that it can be recomputed: score = p − costWeight·costUsd − latencyWeight·seconds − risk. */
export interface ScoreFactors {
  readonly successes: number;
  readonly failures: number;
  readonly priorSuccesses: number;
  readonly priorFailures: number;
  /** Mean of Beta(priorSuccesses + successes, priorFailures + failures). */
  readonly p: number;
  readonly costUsd: number;
  readonly costWeight: number;
  readonly expectedSeconds: number;
  readonly latencyWeight: number;
  readonly risk: number;
}

export interface Candidate {
  readonly binding: ToolBinding;
  readonly tool: ToolDescriptor | null;
  readonly stat: ToolStat | null;
  readonly gates: readonly Gate[];
}

export interface ScoredCandidate {
  readonly tool: string;
  readonly bindingIndex: number;
  readonly gates: readonly Gate[];
  /** Null when a gate is shut. */
  readonly score: number | null;
  readonly factors: ScoreFactors | null;
}

/** The choice for one step, with all that it beat; stored as the decision record. */
export interface Decision {
  readonly stepId: string;
  /** Null when every candidate is gated. */
  readonly chosen: { readonly tool: string; readonly bindingIndex: number } | null;
  /** p of the chosen action. */
  readonly confidence: number;
  readonly candidates: readonly ScoredCandidate[];
  /** Ids of the episodes that recall brought in, and whether they changed anything. */
  readonly recalledEpisodes: readonly string[];
  readonly reason: string;
  /** Present when the confidence is too low to go on as if nothing was the matter; `reason` says why. */
  readonly advice?: Advice;
}

/** `ask` a person before what cannot be undone, `gather` what is known too little about, `replan` around what mostly fails. */
export type Advice = 'ask' | 'gather' | 'replan';
