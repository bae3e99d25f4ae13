import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/common';
import type { ToolDescriptor } from '@goalkeeper/domain';
import type { GoalActivities } from './ports';

/**
 * Policies of the activity types. A tool's failure is data, so what Temporal retries is broken infrastructure alone: for as
 * long as a day, with growing pauses, and bounded by `scheduleToClose`, never by a count.
 */
const PATIENCE = '1 day';
const RETRY = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' } as const;
/** A dead worker is noticed after this; activities beat every second. */
const HEARTBEAT = '10s';

/** In-process work of milliseconds: recorded with the workflow task that asked for it. */
const LOCAL: LocalActivityOptions = {
  startToCloseTimeout: '15s',
  scheduleToCloseTimeout: PATIENCE,
  retry: RETRY,
  localRetryThreshold: '20s',
};
const REMOTE: ActivityOptions = { startToCloseTimeout: '30s', scheduleToCloseTimeout: PATIENCE, retry: RETRY };
/** Planning and verification take seconds to minutes on big data and say that they are alive. */
const LONG: ActivityOptions = { ...REMOTE, startToCloseTimeout: '10 minutes', heartbeatTimeout: HEARTBEAT };

export const { checkGate, recallMemory, recordTransition, learnFromGoal } =
  proxyLocalActivities<Pick<GoalActivities, 'checkGate' | 'recallMemory' | 'recordTransition' | 'learnFromGoal'>>(
    LOCAL,
  );

export const { planGoal, verifyGoal } = proxyActivities<Pick<GoalActivities, 'planGoal' | 'verifyGoal'>>(LONG);

type Decisions = Pick<GoalActivities, 'selectAction' | 'analyseObservation'>;
const localDecisions = proxyLocalActivities<Decisions>(LOCAL);
const remoteDecisions = proxyActivities<Decisions>(REMOTE);

/** Selection and analysis: in the same workflow task for the embedded mind, remote where they ask a model. */
export function decisionActivities(where: 'local' | 'remote'): Decisions {
  return where === 'local' ? localDecisions : remoteDecisions;
}

type Call = Pick<GoalActivities, 'callTool'>;
const fastCalls = proxyLocalActivities<Call>(LOCAL);
const remoteCalls = proxyActivities<Call>({ ...REMOTE, heartbeatTimeout: HEARTBEAT });

/** What storing a call's result may take on top of the tool's own time-out. */
const STORE_MS = 30_000;

/**
 * Calls a tool in the lane that fits its effect class and bound.
 *
 * @param summary one line that the Web UI shows beside the call
 */
export function callToolIn(
  lane: 'fast' | 'remote',
  tool: Pick<ToolDescriptor, 'timeoutMs'>,
  summary: string,
  input: Parameters<GoalActivities['callTool']>[0],
): ReturnType<GoalActivities['callTool']> {
  if (lane === 'fast') return fastCalls.callTool.executeWithOptions({ ...LOCAL, summary }, [input]);
  const options = { ...REMOTE, heartbeatTimeout: HEARTBEAT, startToCloseTimeout: tool.timeoutMs + STORE_MS, summary };
  return remoteCalls.callTool.executeWithOptions(options, [input]);
}
