import { type GoalFailure, isTerminal, type TerminalState } from '@goalkeeper/domain/workflow';
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';
import { learnFromGoal, recordTransition } from '../activities';
import { activityError } from '../activity-error';
import type { GoalCommand, GoalWorkflowInput } from '../client';
import { commandUpdate, holdSignal, statusQuery } from '../messages';
import { type CarriedRun, GoalRun } from './goal-run';
import { judgeDue } from './judging';
import { pursueGoal, type PursuitEnd } from './pursue-goal';

/** Lets operators filter ended goals in the engine's own lists. */
const GOAL_STATE = defineSearchAttributeKey('GoalState', 'KEYWORD');

/** How a goal's workflow ends; the goal itself is in the store. */
export interface GoalEnd {
  readonly state: TerminalState;
  readonly verified: boolean;
  readonly failure: GoalFailure | null;
}

/** Pursues one goal until it is verified or given up, and closes it in the store whatever happens. */
export async function goalWorkflow(input: GoalWorkflowInput & { readonly carried?: CarriedRun }): Promise<GoalEnd> {
  const run = new GoalRun(input.goal, input.carried ?? null);
  const work = new CancellationScope();
  listen(run, work);
  const shouldHandOver = (): boolean => workflowInfo().continueAsNewSuggested;
  let end = await untilDeadline(run, work, () => pursueGoal(run, shouldHandOver));
  if (end === 'handover') {
    await untilAnswered();
    if (run.stopReason === null) return continueAsNew<typeof goalWorkflow>({ goal: input.goal, carried: run.carry() });
    end = cancelled(run); // the command came meanwhile and was answered: a fresh run would not know of it
  }
  await untilAnswered(); // first: a command's own record and the end of the goal would race, and replay in another order
  run.state = end.state;
  upsertSearchAttributes([{ key: GOAL_STATE, value: end.state }]);
  setCurrentDetails(end.failure ? `**${end.state}**: ${end.failure.message}` : `**${end.state}**, verified`);
  const ref = { tenantId: run.goal.tenantId, goalId: run.goal.id };
  await CancellationScope.nonCancellable(async () => {
    if (run.due.length > 0) await judgeDue(run); // what a cancel or the deadline left
    await learnFromGoal({ ref, ...end, analyses: run.takeAnalyses() });
  });
  await untilAnswered();
  return end;
}

/** Waits until every command that was taken has its answer, also when the engine itself cancels the workflow. */
function untilAnswered(): Promise<void> {
  return CancellationScope.nonCancellable(() => condition(allHandlersFinished));
}

/** Registers what a running goal answers and obeys; before the first await, so that no message finds it deaf. */
function listen(run: GoalRun, work: CancellationScope): void {
  setHandler(statusQuery, () => run.status(workflowInfo().historyLength));
  setHandler(holdSignal, (held: boolean) => hold(run, held));
  setHandler(commandUpdate, (command: GoalCommand) => obey(run, work, command), {
    validator: (command: GoalCommand) => {
      const problem = objection(run, command);
      if (problem) throw ApplicationFailure.nonRetryable(problem, 'command.refused');
    },
  });
}

function objection(run: GoalRun, { kind }: GoalCommand): string | null {
  if (isTerminal(run.state)) return `the goal has ended (${run.state})`;
  if (run.stopReason !== null && kind !== 'cancel') return 'the goal is being cancelled';
  return null;
}

async function obey(run: GoalRun, work: CancellationScope, command: GoalCommand): Promise<{ state: string }> {
  const ref = { tenantId: run.goal.tenantId, goalId: run.goal.id };
  if (command.kind === 'answer') return hear(run, command);
  if (command.kind === 'cancel') {
    run.stopReason ??= command.reason || 'cancelled on request';
    run.state = 'cancelling';
    work.cancel();
  } else {
    run.paused = command.kind === 'pause';
  }
  const state = command.kind === 'cancel' ? run.state : run.paused ? 'paused' : run.shown();
  if (command.kind !== 'cancel') await tellRaised(run);
  await CancellationScope.nonCancellable(() =>
    recordTransition({ ref, state, reason: command.reason, commandId: command.id }),
  );
  return { state };
}

/** The goal that raised this one was let rest, or goes on. */
async function hold(run: GoalRun, held: boolean): Promise<void> {
  run.held = held;
  await tellRaised(run);
  const ref = { tenantId: run.goal.tenantId, goalId: run.goal.id };
  const reason = held ? 'the goal that raised it rests' : 'the goal that raised it goes on';
  const transition = { ref, state: run.shown(), reason, commandId: null };
  if (!isTerminal(run.state)) await CancellationScope.nonCancellable(() => recordTransition(transition));
}

/** Goals that it raised rest with it. One that has just ended hears nothing any more, and need not. */
async function tellRaised(run: GoalRun): Promise<void> {
  const isResting = run.isResting();
  const told = [...run.raised].map((id) => getExternalWorkflowHandle(id).signal(holdSignal, isResting));
  await Promise.allSettled(told);
}

/** The goal goes on only after its new state is stored: what it does next may store another one. */
async function hear(run: GoalRun, { id, reason, answer }: GoalCommand): Promise<{ state: string }> {
  const ref = { tenantId: run.goal.tenantId, goalId: run.goal.id };
  const state = run.shown(answer?.questionId);
  const transition = { ref, state, reason: reason || 'a question was answered', commandId: id };
  await CancellationScope.nonCancellable(() => recordTransition(transition));
  if (answer) run.questions.hear(answer.questionId, answer);
  return { state };
}

/** Runs the pursuit inside the scope that a cancel ends, and no longer than to the deadline. */
async function untilDeadline(
  run: GoalRun,
  work: CancellationScope,
  pursue: () => Promise<PursuitEnd>,
): Promise<GoalEnd | 'handover'> {
  const { deadlineMs } = run.goal;
  const leftMs = deadlineMs === null ? null : Math.max(deadlineMs - Date.now(), 1);
  try {
    const end = await work.run(() => (leftMs === null ? pursue() : CancellationScope.withTimeout(leftMs, pursue)));
    if (run.stopReason !== null) return cancelled(run);
    if (end.kind === 'handover') return 'handover';
    if (end.kind === 'failed') return { state: 'failed', verified: false, failure: end.failure };
    return { state: 'succeeded', verified: true, failure: null };
  } catch (error) {
    if (isCancellation(error)) return isTimedOut(run, work) ? timedOut(run) : cancelled(run);
    const cause = activityError(error);
    if (cause === null) throw error; // a defect: the task is repeated until it is mended
    if (!isTimedOut(run, work)) return cancelled(run); // a call that broke down while it was being stopped
    return deadlineMs !== null && Date.now() >= deadlineMs ? timedOut(run) : brokenDown(cause);
  }
}

/** Neither a command nor the engine asked for the cancellation: the deadline did. */
function isTimedOut(run: GoalRun, work: CancellationScope): boolean {
  return run.stopReason === null && !work.consideredCancelled;
}

function cancelled(run: GoalRun): GoalEnd {
  const byParent = run.goal.parent ? 'the goal that raised it was stopped' : 'cancelled through the engine';
  const message = run.stopReason ?? byParent;
  return { state: 'cancelled', verified: false, failure: { code: 'goal.cancelled', message, hint: '', details: {} } };
}

function timedOut(run: GoalRun): GoalEnd {
  const deadline = new Date(run.goal.deadlineMs ?? 0).toISOString();
  const hint = 'Give the goal a later deadline, or a smaller task.';
  return {
    state: 'timed_out',
    verified: false,
    failure: { code: 'goal.deadline', message: `Not done by ${deadline}`, hint, details: {} },
  };
}

/** An activity failed for good: a refusal or a defect names itself, broken infrastructure ran out of patience. */
function brokenDown(cause: Error): GoalEnd {
  const code =
    (cause instanceof ApplicationFailure && cause.nonRetryable && cause.type) || 'infrastructure.unavailable';
  return {
    state: 'failed',
    verified: false,
    failure: { code, message: cause.message, hint: "The worker's log has the details.", details: {} },
  };
}
