import { canonicalJson, type JsonObject } from '../json';
import type { EpisodeHit } from '../memory/memory';
import type { ToolBinding } from '../planning/pack';
import type { Fact, PlanStep } from '../planning/plan';
import { factText, firstUnmet, stateOf } from '../planning/state';
import type { EffectClass, ToolDescriptor } from '../tools/effect';
import { explainChoice } from './explain-choice';
import type { Candidate, Decision, Gate, ScoredCandidate, ScoreFactors, ToolStat } from './selection';

/**
 * Beta(4, 1): a tool never tried is expected to work four times in five, for tools ship tested; about five calls of
 * its own outweigh that.
 */
export const PRIOR = { successes: 4, failures: 1 } as const;

/** What a US dollar and a second of waiting are worth in probability of success. */
export const WEIGHTS = { costWeight: 1, latencyWeight: 0.002 } as const;

/** Taken off for what cannot be undone, by effect class. */
export const EFFECT_RISK: Readonly<Record<EffectClass, number>> = {
  pure: 0,
  transactional: 0.005,
  idempotent: 0.01,
  once: 0.05,
};

export interface SelectInput {
  readonly goalId: string;
  readonly step: PlanStep;
  readonly tools: readonly ToolDescriptor[];
  readonly stats: readonly ToolStat[];
  readonly episodes: readonly EpisodeHit[];
  /** Canonical action keys ({@link actionKey}) or tool names that must not be chosen. */
  readonly banned: readonly string[];
  /** Why, by action key, where it is not the usual reason. */
  readonly banReasons?: Readonly<Record<string, string>>;
  /** What holds now. */
  readonly facts: readonly Fact[];
}

/** One text for a tool with its arguments: the unit of bans. */
export function actionKey(tool: string, args: JsonObject): string {
  return `${tool} ${canonicalJson(args)}`;
}

/**
 * Chooses the tool for a step. Gates first, never weighed: unknown tool, unmet precondition, ban. Then the highest
 * score = p − costWeight·costUsd − latencyWeight·seconds − risk, where p is the mean of
 * Beta(prior + successes, prior + failures) and seconds the mean of what was measured, the tool's own bound counting as
 * one measurement. Equal scores: the binding declared first.
 *
 * @returns the decision record with all factors; `chosen` is null when every candidate is gated
 */
export function selectAction(input: SelectInput): Decision {
  const candidates = input.step.tools.map((binding) => candidateOf(binding, input));
  const scored = candidates.map((candidate, index) => score(candidate, index));
  const best = bestOf(scored);
  const unlearned = bestOf(candidates.map((candidate, index) => score({ ...candidate, stat: null }, index)));
  return {
    stepId: input.step.id,
    chosen: best ? { tool: best.tool, bindingIndex: best.bindingIndex } : null,
    confidence: best?.factors?.p ?? 0,
    candidates: scored,
    recalledEpisodes: input.episodes.map((episode) => episode.id),
    reason: explainChoice({ step: input.step.label, scored, best, unlearned, episodes: input.episodes }),
  };
}

function candidateOf(binding: ToolBinding, input: SelectInput): Candidate {
  const tool = input.tools.find((descriptor) => descriptor.name === binding.tool) ?? null;
  const stat = input.stats.find((candidate) => candidate.tool === binding.tool) ?? null;
  return { binding, tool, stat, gates: gatesOf(binding, tool, input) };
}

function gatesOf(binding: ToolBinding, tool: ToolDescriptor | null, input: SelectInput): Gate[] {
  const gates: Gate[] = [];
  if (!tool) gates.push({ gate: 'unknown_tool', reason: `no tool named ${binding.tool} is registered` });
  const unmet = firstUnmet(input.step.when, stateOf(input.facts));
  if (unmet) gates.push({ gate: 'precondition', reason: `${factText(unmet)} does not hold` });
  if (input.banned.includes(binding.tool))
    gates.push({ gate: 'banned', reason: `${binding.tool} is banned for this step` });
  else if (input.banned.includes(actionKey(binding.tool, binding.args))) {
    const why = input.banReasons?.[actionKey(binding.tool, binding.args)];
    gates.push({ gate: 'banned', reason: why ?? `${binding.tool} failed with these arguments before` });
  }
  return gates;
}

function score({ binding, tool, stat, gates }: Candidate, bindingIndex: number): ScoredCandidate {
  if (gates.length > 0 || !tool) return { tool: binding.tool, bindingIndex, gates, score: null, factors: null };
  const factors = factorsOf(tool, stat);
  return { tool: binding.tool, bindingIndex, gates, score: scoreOf(factors), factors };
}

/** score = p − costWeight·costUsd − latencyWeight·seconds − risk; below 1. */
export function scoreOf({ p, costWeight, costUsd, latencyWeight, expectedSeconds, risk }: ScoreFactors): number {
  return p - costWeight * costUsd - latencyWeight * expectedSeconds - risk;
}

function factorsOf(tool: ToolDescriptor, stat: ToolStat | null): ScoreFactors {
  const successes = Math.max(0, stat?.successes ?? 0);
  const failures = Math.max(0, stat?.failures ?? 0);
  const calls = successes + failures;
  const seconds = (calls * (stat?.meanDurationMs ?? 0) + tool.boundMs) / (calls + 1) / 1000;
  return {
    successes,
    failures,
    priorSuccesses: PRIOR.successes,
    priorFailures: PRIOR.failures,
    p: (PRIOR.successes + successes) / (PRIOR.successes + PRIOR.failures + calls),
    costUsd: tool.costUsd,
    ...WEIGHTS,
    expectedSeconds: seconds,
    risk: EFFECT_RISK[tool.effect],
  };
}

function bestOf(scored: readonly ScoredCandidate[]): ScoredCandidate | null {
  let best: ScoredCandidate | null = null;
  for (const candidate of scored) {
    if (candidate.score !== null && (best?.score == null || candidate.score > best.score)) best = candidate;
  }
  return best;
}
