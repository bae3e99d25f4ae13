import type { Learned, Lesson } from '../learning/lesson';
import type { EpisodeHit } from '../memory/memory';
import type { Fact, PlanStep } from '../planning/plan';
import { stateOf } from '../planning/state';
import type { ToolDescriptor } from '../tools/effect';
import { adviceOf } from './advice';
import { applyCalibration, type CalibrationMap } from './calibration-map';
import { contextOf } from './context';
import { decisiveFactor, ranked } from './decisive';
import { drawOf } from './draw';
import { explainChoice } from './explain-choice';
import { candidatesOf } from './gates';
import { lessonsFor, termsOf } from './lesson-terms';
import { factorsOf, scoreOf } from './posterior';
import type { Candidate, Decision, ScoredCandidate, ToolStat } from './selection';

export interface SelectInput {
  readonly goalId: string;
  readonly step: PlanStep;
  readonly tools: readonly ToolDescriptor[];
  readonly stats: readonly ToolStat[];
  readonly episodes: readonly EpisodeHit[];
  /** Canonical action keys (`actionKey`) or tool names that must not be chosen. */
  readonly banned: readonly string[];
  /** Why, by action key, where it is not the usual reason. */
  readonly banReasons?: Readonly<Record<string, string>>;
  /** What holds now. */
  readonly facts: readonly Fact[];
  /** Absent: nothing is sampled and no lesson takes part, the record alone counts. Arm `off`: not even that. */
  readonly learned?: Learned | undefined;
  /** How stated probabilities turned out so far; absent: taken as they are. */
  readonly calibration?: CalibrationMap | null | undefined;
  /** Tools that a policy forbids for this goal, with the reason. */
  readonly denied?: readonly { readonly tool: string; readonly reason: string }[];
  /** US dollars; null or absent: no limit. */
  readonly budgetLeftUsd?: number | null;
  /** Milliseconds since 1970; absent: 0, at which no rule has expired. */
  readonly nowMs?: number;
}

/**
 * Chooses the tool for a step. Gates first, never weighed (see `gates.ts`). Then the highest score
 * = p · value − costWeight · costUsd − latencyWeight · seconds − risk − penalty, with the formulas of {@link ScoreFactors}. Equal
 * scores: the binding declared first. Where learning is on and some candidate has a record, p is sampled (Thompson) at a draw
 * that goal, step and tool fix, but for effects that happen once; so one goal always decides the same.
 *
 * @returns the decision record with all factors; `chosen` is null when every candidate is gated
 * @see Russo et al., A Tutorial on Thompson Sampling (2018), §3
 */
export function selectAction(input: SelectInput): Decision {
  const context = contextOf(input.step);
  const candidates = candidatesOf(input);
  const isOff = input.learned?.arm === 'off';
  const known: Known = {
    input,
    context,
    stats: isOff ? [] : input.stats,
    learned: isOff ? undefined : input.learned,
    explores: canExplore(input, candidates),
  };
  const scored = candidates.map((candidate, index) => scoreCandidate(candidate, index, known));
  const nothing: Known = { ...known, stats: [], learned: undefined, explores: false };
  const [best = null] = ranked(scored);
  const [unlearned = null] = ranked(candidates.map((candidate, index) => scoreCandidate(candidate, index, nothing)));
  const confidence = best?.factors ? applyCalibration(input.calibration, best.factors.mean) : 0;
  const tool = input.tools.find(({ name }) => name === best?.tool);
  const advice = best?.factors && tool ? adviceOf(tool, best.factors, confidence) : null;
  const decisive = decisiveFactor(scored);
  const { episodes } = input;
  const shown = { scored, best, unlearned, episodes, decisive, advice, confidence };
  return {
    stepId: input.step.id,
    chosen: best ? { tool: best.tool, bindingIndex: best.bindingIndex } : null,
    confidence,
    candidates: scored,
    recalledEpisodes: episodes.map((episode) => episode.id),
    reason: explainChoice({ step: input.step.label, isUntaught: isOff, ...shown }),
    context,
    explored: known.explores,
    decisive,
    ...(advice ? { advice } : {}),
    ...(input.nowMs === undefined ? {} : { at: new Date(input.nowMs).toISOString() }),
  };
}

interface Known {
  readonly input: SelectInput;
  readonly context: string;
  readonly stats: readonly ToolStat[];
  readonly learned: Learned | undefined;
  readonly explores: boolean;
}

/** There is something to find out only where candidates compete and one of them has been tried. */
function canExplore({ learned, stats }: SelectInput, candidates: readonly Candidate[]): boolean {
  if (learned?.arm !== 'on') return false;
  const open = candidates.filter(({ gates, tool }) => gates.length === 0 && tool);
  const names = new Set(open.map(({ binding }) => binding.tool));
  return open.length > 1 && stats.some((stat) => names.has(stat.tool) && stat.successes + stat.failures > 0);
}

function scoreCandidate(candidate: Candidate, bindingIndex: number, known: Known): ScoredCandidate {
  const { binding, tool, gates } = candidate;
  const base = { tool: binding.tool, bindingIndex, gates };
  if (gates.length > 0 || !tool) return { ...base, score: null, factors: null };
  const { input, context, stats, explores } = known;
  const { step, goalId, facts, nowMs = 0 } = input;
  const lessons = lessonsFor(known.learned, tool.name, { step, context, state: stateOf(facts), nowMs });
  const draw = explores && tool.effect !== 'once' ? drawOf(`${goalId} ${step.id} ${tool.name}`) : 0;
  const factorsWith = (of: readonly Lesson[]) => factorsOf({ tool, context, stats, terms: termsOf(of), draw });
  const factors = factorsWith(lessons);
  const score = scoreOf(factors);
  const shares = lessons.map((lesson) => ({
    id: lesson.id,
    kind: lesson.kind,
    change: score - scoreOf(factorsWith(lessons.filter((other) => other !== lesson))),
  }));
  return { ...base, score, factors, ...(shares.length > 0 ? { lessons: shares } : {}) };
}
