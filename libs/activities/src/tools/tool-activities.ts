import { activityInfo } from '@temporalio/activity';
import type { GoalActivities } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { withHeartbeat } from '../heartbeat';
import { callInOneTransaction, type CallWatch } from './call-in-one-transaction';
import { callWithLedger } from './call-with-ledger';
import type { FollowedGoals } from './followed-goals';
import { unknownTool } from './unknown-tool';

/**
 * Calling a tool may be repeated by Temporal at any point. What makes that safe: a finished step answers from the store, the
 * effect's key is the same in every attempt, and the ledger says whether a begun call may go out again.
 */
export function createToolActivities(deps: ActivityDeps, followed: FollowedGoals): Pick<GoalActivities, 'callTool'> {
  return {
    callTool: (input) =>
      withHeartbeat(async (pulse) => {
        const name = input.decision.chosen?.tool ?? '';
        const tool = deps.tools.has(name) ? deps.tools.get(name) : unknownTool(name);
        const call = { ...input, tool };
        const isOneTransaction = tool.effect === 'transactional' || input.lane === 'fast';
        const result = isOneTransaction
          ? await callInOneTransaction(deps, call, watchOver(input.ref.goalId, followed), pulse)
          : await callWithLedger(deps, call, pulse);
        deps.wakeups.publish(input.ref.goalId, 'moved');
        deps.log.debug(
          {
            goalId: input.ref.goalId,
            stepId: input.step.id,
            tool: tool.name,
            attempt: activityInfo().attempt,
            refused: result.refused,
          },
          'tool.called',
        );
        return result;
      }),
  };
}

/** The engine counts the attempts of a remote activity; those of a local one are lost with its process. */
function watchOver(goalId: string, followed: FollowedGoals): CallWatch {
  const { isLocal, attempt } = activityInfo();
  return { isSuspect: isLocal ? !followed.has(goalId) : attempt > 1, cameBack: () => followed.add(goalId) };
}
