import { type Analysis, type Decision, isFastLane, type Observation, type PlanStep } from '@goalkeeper/domain';
import { sleep } from '@temporalio/workflow';
import { callToolIn, decisionActivities } from '../activities';
import type { CallToolResult } from '../ports';
import type { GoalRun } from './goal-run';

/** The goal was told to stop while a call was on its way; the call was not dispatched. */
class StopRequestedError extends Error {}

/**
 * Brings one step to its end: select, call, analyse, as often as the analysis says so. What it finds out is kept in the run:
 * success, or the fault that a new plan must work around, or the reason to give the goal up.
 */
export async function pursueStep(run: GoalRun, step: PlanStep): Promise<void> {
  run.begin(step);
  try {
    for (;;) {
      const { observation, analysis } = await tryOnce(run, step);
      if (observation === null) return run.block(step, 'selection.no_candidate', analysis);
      if (run.conclude(step, observation, analysis) === 'ended') return;
      if (analysis.retryAfterMs > 0) await sleep(analysis.retryAfterMs);
      if (run.isBlocked()) return; // another step's fault asks for a new plan first
    }
  } catch (error) {
    if (!(error instanceof StopRequestedError)) throw error;
  } finally {
    run.end(step);
  }
}

type Tried =
  | { readonly observation: Observation; readonly analysis: Analysis }
  | { readonly observation: null; readonly analysis: string };

/** One round of select, call, analyse; without an observation when no action can be chosen, with the reason. */
async function tryOnce(run: GoalRun, step: PlanStep): Promise<Tried> {
  const { selectAction, analyseObservation } = decisionActivities(run.decisions);
  const decision = await selectAction({
    goalId: run.goal.id,
    step,
    tools: run.tools,
    recall: run.recall,
    banned: run.bannedTools(step),
    facts: run.facts,
  });
  if (!decision.chosen) return { observation: null, analysis: decision.reason };
  const { observation, refused } = await call(run, step, decision);
  if (refused) throw new StopRequestedError();
  const analysis = await analyseObservation(run.judgementOf(step, observation));
  return { observation, analysis };
}

async function call(run: GoalRun, step: PlanStep, decision: Decision): Promise<CallToolResult> {
  const tool = run.tools.find(({ name }) => name === decision.chosen?.tool);
  if (!tool) throw new Error(`The decision for ${step.id} names a tool that the plan does not know`);
  const lane = isFastLane(tool) ? 'fast' : 'remote';
  const callNo = run.nextCall(step);
  const summary = `${step.label}: ${tool.name}${callNo > 1 ? `, call ${callNo}` : ''}`;
  const ref = { tenantId: run.goal.tenantId, goalId: run.goal.id };
  return callToolIn(lane, tool, summary, {
    ref,
    planRevision: run.plan?.revision ?? 0,
    step,
    decision,
    callNo,
    analyses: run.takeAnalyses(),
    lane,
  });
}
