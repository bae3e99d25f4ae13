import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/common';
import type { ToolDescriptor } from '@goalkeeper/domain';
import type { GoalActivities } from './ports';
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

export const { checkGate, recallMemory, recordTransition, learnFromGoal } =
  proxyLocalActivities<Pick<GoalActivities, 'checkGate' | 'recallMemory' | 'recordTransition' | 'learnFromGoal'>>(
    LOCAL,
  );

type Bounded = Pick<GoalActivities, 'planGoal' | 'verifyGoal'>;
const localBounded = proxyLocalActivities<Bounded>(LOCAL);
const remoteBounded = proxyActivities<Bounded>(LONG);

/**
 * Planning: a search that is known to be short in the same workflow task, a longer one remote.
 *
 * @param summary one line that the Web UI shows beside the activity, cut to what the engine takes, as for all below
 */
export function planGoal(summary: string, input: Input<'planGoal'>): ReturnType<GoalActivities['planGoal']> {
  return input.effort === 'quick'
    ? localBounded.planGoal.executeWithOptions({ ...LOCAL, summary: summaryLine(summary) }, [input])
    : remoteBounded.planGoal.executeWithOptions({ ...LONG, summary: summaryLine(summary) }, [input]);
}

/** Verification, in the place that the plan names. */
export function verifyGoal(
  where: 'local' | 'remote',
  summary: string,
  input: Input<'verifyGoal'>,
): ReturnType<GoalActivities['verifyGoal']> {
  return where === 'local'
    ? localBounded.verifyGoal.executeWithOptions({ ...LOCAL, summary: summaryLine(summary) }, [input])
    : remoteBounded.verifyGoal.executeWithOptions({ ...LONG, summary: summaryLine(summary) }, [input]);
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
