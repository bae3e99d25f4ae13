import { parentPort, workerData } from 'node:worker_threads';
import { AgentError, planTask, repairPlan } from '@goalkeeper/domain';
import type { ThreadAnswer, ThreadRequest } from './plan-in-thread';

/** The other side of `planInThread`: one search, then the end of the thread. */
function answer({ kind, input, timeMs, maxNodes }: ThreadRequest): ThreadAnswer {
  const endAt = performance.now() + timeMs;
  const budget = { maxNodes, isOver: () => performance.now() > endAt };
  try {
    return {
      kind: 'planned',
      plan: kind === 'plan' ? planTask({ ...input, budget }) : repairPlan({ ...input, budget }),
    };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    const { code, message, details, hint } = error;
    return { kind: 'refused', code, message, details, hint };
  }
}

parentPort?.postMessage(answer(workerData as ThreadRequest));
