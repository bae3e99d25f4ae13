import { type Decision, type Goal, publicName, resemblance } from '@goalkeeper/domain';
import { type DecisionView, type EffectView, type RecalledView, toPublicId } from '@goalkeeper/contracts';
import type { CallRecord, EffectRecord, EpisodeRecord } from '@goalkeeper/persistence';
import { isoOrNull } from '../goals/goal.view';

/** The decision record of one call. */
export function toDecisionView(call: CallRecord, decision: Decision): DecisionView {
  return {
    stepId: decision.stepId,
    callNo: call.callNo,
    chosen: decision.chosen && { ...decision.chosen },
    confidence: decision.confidence,
    candidates: decision.candidates.map((candidate) => ({
      ...candidate,
      gates: candidate.gates.map((gate) => ({ ...gate })),
      factors: candidate.factors && { ...candidate.factors },
      lessons: candidate.lessons?.map((lesson) => ({ ...lesson, id: publicName('les', lesson.id) })),
    })),
    recalledEpisodes: [...decision.recalledEpisodes],
    reason: decision.reason,
    context: decision.context,
    explored: decision.explored,
    decisive: decision.decisive && { ...decision.decisive },
    advice: decision.advice,
    at: decision.at,
    createdAt: call.startedAt.toISOString(),
  };
}

/** An earlier goal that was remembered for this one, and what the two have in common. */
export function toRecalledView(goal: Goal, episode: EpisodeRecord): RecalledView {
  const { id, goalId, objective, task, outcome } = episode;
  return {
    ...{ id, goalId: toPublicId('goal', goalId), objective, task: task.name, outcome },
    why: resemblance(goal, episode),
  };
}

/** A row of the ledger, without what the far side answered. */
export function toEffectView(effect: EffectRecord): EffectView {
  return {
    key: effect.key,
    stepId: effect.stepId,
    tool: effect.tool,
    effectClass: effect.class,
    state: effect.state,
    intent: effect.intent,
    occurrence: effect.occurrence,
    attempts: effect.attempts,
    plannedAt: effect.plannedAt.toISOString(),
    dispatchedAt: isoOrNull(effect.dispatchedAt),
    settledAt: isoOrNull(effect.settledAt),
  };
}
