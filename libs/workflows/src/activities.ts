import { ApplicationFailure, isCancellation, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/common';
import type { ToolDescriptor } from '@goalkeeper/domain';
import type { GoalActivities } from './ports';
import { activityError } from './activity-error';
import { summaryLine } from './summary-line';

/**
 * Policies of the activity types. A tool's failure is data, so what Temporal retries is broken infrastructure alone: for as
 * long as a day, with growing pauses, and bounded by `scheduleToClose`, never by a count.
 */
const PATIENCE = '1 day';
const RETRY = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' } as const;
/** A dead worker is noticed after this; activities beat every second. */
const HEARTBEAT = '5s';

type Input<Name extends keyof GoalActivities> = Parameters<GoalActivities[Name]>[0];

/** In-process work of milliseconds: recorded with the workflow task that asked for it. */
const LOCAL: LocalActivityOptions = {
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: PATIENCE,
  retry: RETRY,
  localRetryThreshold: '20s',
};
const REMOTE: ActivityOptions = { startToCloseTimeout: '30s', scheduleToCloseTimeout: PATIENCE, retry: RETRY };
/** What writes into the store or the world has come to rest before its goal is closed: no effect, no event after the end. */
const TO_THE_END = { heartbeatTimeout: HEARTBEAT, cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const;
/** Planning and verification take seconds to minutes on big data and say that they are alive. */
const LONG: ActivityOptions = { ...REMOTE, ...TO_THE_END, startToCloseTimeout: '10 minutes' };

type Bookkeeping = Pick<
  GoalActivities,
  | 'checkGate'
  | 'recallMemory'
  | 'recordTransition'
  | 'learnFromGoal'
  | 'storeQuestion'
  | 'expireQuestion'
  | 'settleEffect'
  | 'beginSubGoal'
  | 'endSubGoal'
  | 'lookAtGoal'
>;
export const {
  checkGate,
  recallMemory,
  recordTransition,
  learnFromGoal,
  storeQuestion,
  expireQuestion,
  settleEffect,
  beginSubGoal,
  endSubGoal,
  lookAtGoal,
} = proxyLocalActivities<Bookkeeping>(LOCAL);

type Bounded = Pick<GoalActivities, 'planGoal' | 'verifyGoal'>;
/** One try: what was taken for short and is not would be cut off again and again. */
const LOCAL_ONCE: LocalActivityOptions = { ...LOCAL, retry: { maximumAttempts: 1 } };
const localBounded = proxyLocalActivities<Bounded>(LOCAL_ONCE);
const remoteBounded = proxyActivities<Bounded>(LONG);

/** Where the one local try ran out of time or met broken infrastructure, the patient remote activity takes over. */
async function locallyFirst<T>(local: () => Promise<T>, remote: () => Promise<T>): Promise<T> {
  try {
    return await local();
  } catch (error) {
    const cause = activityError(error);
    if (cause === null || isCancellation(error) || isDefect(cause)) throw error;
    return remote();
  }
}

function isDefect(cause: Error): boolean {
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}

/**
 * Planning: a search that is known to be short in the same workflow task, a longer one remote.
 *
 * @param summary one line that the Web UI shows beside the activity, cut to what the engine takes, as for all below
 */
export function planGoal(summary: string, input: Input<'planGoal'>): ReturnType<GoalActivities['planGoal']> {
  const local = { ...LOCAL_ONCE, summary: summaryLine(summary) };
  const remote = (): ReturnType<GoalActivities['planGoal']> =>
    remoteBounded.planGoal.executeWithOptions({ ...LONG, summary: summaryLine(summary) }, [
      { ...input, effort: 'full' },
    ]);
  if (input.effort === 'full') return remote();
  return locallyFirst(() => localBounded.planGoal.executeWithOptions(local, [input]), remote);
}

/** Verification, in the place that the plan names. */
export function verifyGoal(
  where: 'local' | 'remote',
  summary: string,
  input: Input<'verifyGoal'>,
): ReturnType<GoalActivities['verifyGoal']> {
  const local = { ...LOCAL_ONCE, summary: summaryLine(summary) };
  const remote = (): ReturnType<GoalActivities['verifyGoal']> =>
    remoteBounded.verifyGoal.executeWithOptions({ ...LONG, summary: summaryLine(summary) }, [input]);
  if (where === 'remote') return remote();
  return locallyFirst(() => localBounded.verifyGoal.executeWithOptions(local, [input]), remote);
}

type Decisions = Pick<GoalActivities, 'selectAction' | 'analyseObservation'>;
const localDecisions = proxyLocalActivities<Decisions>(LOCAL);
const remoteDecisions = proxyActivities<Decisions>(REMOTE);

/** Selection: in the same workflow task for the embedded mind, remote where it asks a model. */
export function selectAction(
  where: 'local' | 'remote',
  summary: string,
  input: Input<'selectAction'>,
): ReturnType<GoalActivities['selectAction']> {
  return where === 'local'
    ? localDecisions.selectAction.executeWithOptions({ ...LOCAL, summary: summaryLine(summary) }, [input])
    : remoteDecisions.selectAction.executeWithOptions({ ...REMOTE, summary: summaryLine(summary) }, [input]);
}

/** Analysis, in the place where selection runs too. */
export function analyseObservation(
  where: 'local' | 'remote',
  summary: string,
  input: Input<'analyseObservation'>,
): ReturnType<GoalActivities['analyseObservation']> {
  return where === 'local'
    ? localDecisions.analyseObservation.executeWithOptions({ ...LOCAL, summary: summaryLine(summary) }, [input])
    : remoteDecisions.analyseObservation.executeWithOptions({ ...REMOTE, summary: summaryLine(summary) }, [input]);
}

type Call = Pick<GoalActivities, 'callTool'>;
const fastCalls = proxyLocalActivities<Call>(LOCAL);
const remoteCalls = proxyActivities<Call>({ ...REMOTE, ...TO_THE_END });

/** What storing a call's result may take on top of the tool's own time-out. */
const STORE_MS = 30_000;

/**
 * Calls a tool in the lane that fits its effect class and bound.
 */
export function callToolIn(
  lane: 'fast' | 'remote',
  tool: Pick<ToolDescriptor, 'timeoutMs'>,
  summary: string,
  input: Input<'callTool'>,
): ReturnType<GoalActivities['callTool']> {
  if (lane === 'fast')
    return fastCalls.callTool.executeWithOptions({ ...LOCAL, summary: summaryLine(summary) }, [input]);
  const options = { ...REMOTE, ...TO_THE_END, startToCloseTimeout: tool.timeoutMs + STORE_MS };
  return remoteCalls.callTool.executeWithOptions({ ...options, summary: summaryLine(summary) }, [input]);
}
