import {
  type Analysis,
  type Decision,
  isDoubtful,
  type Observation,
  type PlanStep,
  SUB_GOAL,
} from '@goalkeeper/domain/workflow';
import { CancelledFailure, condition, sleep } from '@temporalio/workflow';
import { callToolIn } from '../activities';
import type { CallToolResult } from '../ports';
import { chooseAction } from './choices-ahead';
import type { GoalRun } from './goal-run';
import { goesOn, isOnFastLane, judge, judgeDue } from './judging';
import { raiseGoal } from './raise-goal';
import { confirmed, settleWithPerson } from './step-with-person';

/** How long a goal that is to stop waits for the command that says so, before it stops of itself. */
const COMMAND_PATIENCE = '10 minutes';

/** One round of a step. */
type Round =
  | { readonly kind: 'judged'; readonly observation: Observation; readonly analysis: Analysis }
  /** It worked, which the plan goes on with; its judgement is due. */
  | { readonly kind: 'done' }
  /** No action can be chosen. */
  | { readonly kind: 'no_action'; readonly reason: string }
  /** A person did not want the only actions there are. */
  | { readonly kind: 'declined' }
  /** The goal was told to stop before the call went out. */
  | { readonly kind: 'refused' };

/**
 * Brings one step to its end: select, call, analyse, as often as the analysis says so. What it finds out is kept in the run:
 * success, or the fault that a new plan must work around, or the reason to give the goal up.
 */
export async function pursueStep(run: GoalRun, step: PlanStep): Promise<void> {
  for (;;) {
    const round = await tryOnce(run, step);
    if (round.kind === 'refused') return awaitStop(run);
    if (round.kind === 'no_action') return run.block(step, round.reason);
    if (round.kind === 'declined' || round.kind === 'done') return;
    const end = run.conclude(step, round.observation, round.analysis);
    if (end === 'ended') return;
    if (end === 'ask' && (await settleWithPerson(run, step, round)) === 'ended') return;
    if (round.analysis.retryAfterMs > 0) await sleep(round.analysis.retryAfterMs);
    // Another step's fault asks for a new plan first, and a goal at rest begins no call, not even once more.
    if (run.isBlocked() || run.isResting()) return run.putBack(step);
  }
}

/**
 * The store knew of a cancel before the workflow: its command is on its way and ends the goal. Going on meanwhile would only
 * plan around steps that nobody may make any more.
 */
async function awaitStop(run: GoalRun): Promise<void> {
  if (await condition(() => run.stopReason !== null, COMMAND_PATIENCE)) return;
  run.stopReason = 'the goal was stopped before its workflow was told';
  throw new CancelledFailure(run.stopReason);
}

async function tryOnce(run: GoalRun, step: PlanStep): Promise<Round> {
  const selected = await chooseAction(run, step);
  if (!selected.chosen) return { kind: 'no_action', reason: selected.reason };
  const waits = isDoubtful(selected) || !isOnFastLane(run, selected.chosen.tool);
  if (waits && run.due.length > 0) await judgeDue(run);
  const decision = isDoubtful(selected) ? await confirmed(run, step, selected) : selected;
  if (!decision) return { kind: 'declined' };
  const isGoal = decision.chosen?.tool === SUB_GOAL.name;
  const { observation, refused } = await (isGoal ? raiseGoal : call)(run, step, decision);
  if (refused) return { kind: 'refused' };
  const judgement = run.judgementOf(step, observation);
  if (!isGoal && goesOn(run, step, judgement)) return { kind: 'done' };
  return { kind: 'judged', observation, analysis: await judge(run, judgement) };
}

async function call(run: GoalRun, step: PlanStep, decision: Decision): Promise<CallToolResult> {
  const tool = run.tools.find(({ name }) => name === decision.chosen?.tool);
  if (!tool) throw new Error(`The decision for ${step.id} names a tool that the plan does not know`);
  const lane = isOnFastLane(run, tool.name) ? 'fast' : 'remote';
  const callNo = run.beginCall(step);
  const summary = `${step.label}: ${tool.name}${callNo > 1 ? `, call ${callNo}` : ''}`;
  const ref = { tenantId: run.goal.tenantId, goalId: run.goal.id };
  const planRevision = run.progress.plan?.revision ?? 0;
  return callToolIn(lane, tool, summary, {
    ref,
    planRevision,
    step,
    decision,
    callNo,
    analyses: run.takeAnalyses(),
    lane,
    needs: run.neededOf(step),
  });
}
