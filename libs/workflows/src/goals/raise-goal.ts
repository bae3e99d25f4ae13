import { type Decision, type Goal, isTerminal, type PlanStep, SUB_GOAL } from '@goalkeeper/domain/workflow';
import { CancellationScope, getExternalWorkflowHandle, isCancellation, sleep, startChild } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { beginSubGoal, endSubGoal, lookAtGoal } from '../activities';
import { GOAL_WORKFLOW, goalWorkflowId, type GoalWorkflowInput, priorityKeyOf, taskQueueOf } from '../client';
import { holdSignal } from '../messages';
import type { CallToolResult } from '../ports';
import { summaryLine } from '../summary-line';
import type { GoalRun } from './goal-run';

const TENANT_ID = defineSearchAttributeKey('TenantId', 'KEYWORD');
const GOAL_ID = defineSearchAttributeKey('GoalId', 'KEYWORD');
/**
 * How often a child is looked at whose workflow this one did not start: rarer and rarer, by a share of the time that was waited, so that
 * a child of weeks does not fill the history.
 */
const LOOK_MS = { first: 500, soon: 15_000, most: 3_600_000 };
const LOOK_SHARE = 0.05;

/**
 * Does a step by a goal of its own: a child workflow with its own plan, events and slice of the budget. How it ended is an
 * observation like that of a tool. A cancel, a deadline or the end of this workflow stops the child as well.
 */
export async function raiseGoal(run: GoalRun, step: PlanStep, decision: Decision): Promise<CallToolResult> {
  const callNo = run.beginCall(step);
  const call = {
    ref: { tenantId: run.goal.tenantId, goalId: run.goal.id },
    planRevision: run.progress.plan?.revision ?? 0,
    ...{ step, decision, callNo, needs: run.neededOf(step) },
  };
  const left = shareFor(run, step, decision);
  run.lend(step, left); // before anything is waited for: goals that are raised at the same time must not be given the same calls
  try {
    const begun = await beginSubGoal({ ...call, left, analyses: run.takeAnalyses() });
    if (begun.kind === 'known') return begun.result;
    run.lend(step, begun.child.maxSteps);
    const { observation, callsMade } = await pursued(run, step, begun.child, call);
    run.countCalls(callsMade);
    return { observation, refused: false };
  } finally {
    run.lend(step, 0);
  }
}

type Call = Omit<Parameters<typeof endSubGoal>[0], 'childId' | 'analyses'>;

async function pursued(run: GoalRun, step: PlanStep, child: Goal, call: Call): ReturnType<typeof endSubGoal> {
  const workflowId = goalWorkflowId({ tenantId: child.tenantId, goalId: child.id });
  run.raised.add(workflowId);
  try {
    await untilEnded(run, child, step);
    return await endSubGoal({ ...call, childId: child.id, analyses: run.takeAnalyses() });
  } finally {
    run.raised.delete(workflowId);
  }
}

/** The calls that a child may have: what its step asks for as far as it goes; else an even part, with the goals raised beside it. */
function shareFor(run: GoalRun, step: PlanStep, decision: Decision): number {
  const left = Math.max(run.callsLeft(), 0);
  const asked = step.tools[decision.chosen?.bindingIndex ?? -1]?.args['maxSteps'];
  if (typeof asked === 'number') return Math.min(asked, left);
  const { plan, stepStates } = run.progress;
  const beside = (plan?.steps ?? []).filter(
    ({ id, tools }) =>
      stepStates[id] === 'running' && !run.lent.has(id) && tools.some(({ tool }) => tool === SUB_GOAL.name),
  );
  return left === 0 ? 0 : Math.max(Math.floor(left / Math.max(beside.length, 1)), 1);
}

async function untilEnded(run: GoalRun, child: Goal, step: PlanStep): Promise<void> {
  const ref = { tenantId: child.tenantId, goalId: child.id };
  try {
    const handle = await startChild<(input: GoalWorkflowInput) => Promise<unknown>>(GOAL_WORKFLOW, {
      args: [{ goal: child }],
      workflowId: goalWorkflowId(ref),
      taskQueue: taskQueueOf(child.priority),
      priority: { priorityKey: priorityKeyOf(child, Date.now()), fairnessKey: child.tenantId },
      typedSearchAttributes: [
        { key: TENANT_ID, value: child.tenantId },
        { key: GOAL_ID, value: child.id },
      ],
      staticSummary: summaryLine(`${child.task?.name ?? 'a goal'} for ${step.label}`),
      workflowTaskTimeout: '5s',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: 'REQUEST_CANCEL',
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    });
    // A pause that came before it could hear; one that has ended already need not.
    if (run.isResting()) await handle.signal(holdSignal, true).catch(() => undefined);
    await handle.result();
  } catch (error) {
    if (isCancellation(error)) throw error;
    await untilClosed(ref); // it runs already, or broke down: the sweeper starts lost workflows and closes goals of broken ones
  }
}

async function untilClosed(ref: { readonly tenantId: string; readonly goalId: string }): Promise<void> {
  const beganMs = Date.now();
  try {
    for (let pauseMs = LOOK_MS.first; ; pauseMs = nextPause(pauseMs, Date.now() - beganMs)) {
      const state = await lookAtGoal(ref);
      if (state === null || isTerminal(state)) return;
      await sleep(pauseMs);
    }
  } catch (error) {
    if (isCancellation(error)) await stop(goalWorkflowId(ref));
    throw error;
  }
}

function nextPause(lastMs: number, waitedMs: number): number {
  const soon = Math.min(lastMs * 2, LOOK_MS.soon);
  return Math.min(Math.max(soon, Math.round(waitedMs * LOOK_SHARE)), LOOK_MS.most);
}

/** A workflow that this one did not start is no child of it, and hears of its cancel from nobody else. */
async function stop(workflowId: string): Promise<void> {
  const told = CancellationScope.nonCancellable(() => getExternalWorkflowHandle(workflowId).cancel());
  await told.catch(() => undefined); // it has just ended, or is lost: the sweeper ends goals whose parent has ended
}
