import {
  type Analysis,
  confidenceQuestion,
  type Decision,
  decidedByPerson,
  effectQuestion,
  type Observation,
  type PlanStep,
} from '@goalkeeper/domain/workflow';
import { analyseObservation, settleEffect } from '../activities';
import { askPerson } from './ask-person';
import type { GoalRun } from './goal-run';

/**
 * Lets a person say what became of an effect whose end nobody recorded. When it happened, the step is done; when it did not, it is
 * tried once more; when nobody knows, the goal ends.
 */
export async function settleWithPerson(
  run: GoalRun,
  step: PlanStep,
  { observation, analysis }: { readonly observation: Observation; readonly analysis: Analysis },
): Promise<'ended' | 'again'> {
  const isResultNeeded = run.neededOf(step).length > 0;
  const unknownCall = run.callsOf(step);
  const answer = await askPerson(run, effectQuestion(step, observation, { callNo: unknownCall, isResultNeeded }));
  const happened = answer.choice === 'happened';
  const tool = run.tools.find(({ name }) => name === observation.tool);
  if ((!happened && answer.choice !== 'not_happened') || !tool) {
    run.giveUp(step, observation, analysis);
    return 'ended';
  }
  const known = await settleEffect({
    ref: { tenantId: run.goal.tenantId, goalId: run.goal.id },
    step,
    tool: { name: tool.name, costUsd: tool.costUsd },
    callNo: unknownCall,
    happened,
    by: answer.by,
    analyses: happened ? run.takeAnalyses() : [], // else they go with the call that is made once more
  });
  if (!known) return 'again';
  run.beginCall(step); // the person's word is stored as a call of its own
  const judged = await analyseObservation(run.decisions, `judge ${step.label}`, run.judgementOf(step, known));
  run.conclude(step, known, judged);
  return 'ended';
}

/** The decision that a person agrees to, where the best one will probably fail; null when the goal is to end instead. */
export async function confirmed(run: GoalRun, step: PlanStep, decision: Decision): Promise<Decision | null> {
  if (run.goal.mayAsk === false) return decision;
  const { choice, by } = await askPerson(run, confidenceQuestion(step, decision, run.callsOf(step) + 1));
  if (choice === 'go_ahead') return decision;
  if (choice?.startsWith('use:')) return decidedByPerson(decision, choice.slice('use:'.length), by);
  run.failure = {
    code: 'selection.low_confidence',
    message: `"${step.label}" was not tried: ${decision.reason}`,
    hint: 'Give the goal another way, or answer the question when it is asked.',
    details: { step: step.label, confidence: decision.confidence },
  };
  return null;
}
