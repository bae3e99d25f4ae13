/**
 * Preloaded into the SDK's workflow threads by `install.ts`.
 *
 * The SDK calls into the workflow sandbox with a `timeout`, and Node starts a watchdog thread for each such call: 0.65 ms of
 * CPU, thousands of times a minute. Here the calls are only timed: each thread writes when its current call began into shared
 * memory, and the main thread ends the process when a call takes longer than the limit (`install.ts`).
 *
 * The file's name must end in `vm.js`: the SDK leaves frames of `Script.runInContext` in such files out of call stacks.
 */
import v8 from 'node:v8';
import vm from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm';
import { keepRawStacks } from './call-stacks-vm';
import { tellOfSilence } from './sink-calls';
import { switchCheaply } from './switching-vm';

/** What `install.ts` hands to each thread. */
export interface LeanThreadData {
  readonly goalkeeperLeanVm: {
    /** One cell: `process.hrtime.bigint()` of the call that runs now, or 0. */
    readonly runningSince: BigInt64Array<SharedArrayBuffer>;
    readonly callStacks: boolean;
    /** One cell: 1 where the SDK switches between workflows by a script that is not known here. */
    readonly otherSwitch: Int32Array<SharedArrayBuffer>;
  };
}

type RunInContext = (this: vm.Script, context: vm.Context, options?: vm.RunningScriptOptions) => unknown;

/** @param onEdge told where an outermost call begins and where it ends */
function timeCalls(runningSince: BigInt64Array<SharedArrayBuffer>, onEdge: () => void): void {
  const prototype = vm.Script.prototype as unknown as { runInContext: RunInContext };
  const original = prototype.runInContext;
  let depth = 0;
  prototype.runInContext = function runInContext(context, options) {
    const { timeout, ...rest } = options ?? {};
    if (timeout === undefined) return original.call(this, context, options);
    if (depth++ === 0) {
      onEdge();
      Atomics.store(runningSince, 0, process.hrtime.bigint());
    }
    try {
      return original.call(this, context, rest);
    } finally {
      if (--depth === 0) {
        Atomics.store(runningSince, 0, 0n);
        onEdge();
      }
    }
  };
}

/** The SDK keeps a thread's workflows here; what it keeps of one is not declared. */
function callsForSinks(runId: string): number | undefined {
  const workflow: unknown = ReusableVMWorkflowCreator.workflowByRunId.get(runId);
  return (workflow as { activator?: { sinkCalls?: { length: number } } } | undefined)?.activator?.sinkCalls?.length;
}

const data = (workerData as LeanThreadData | null)?.goalkeeperLeanVm;
if (data) {
  if (parentPort) tellOfSilence(parentPort, callsForSinks);
  // Without call stacks a hook that notes nothing: were it to throw, the SDK would warn for every workflow.
  const onEdge = data.callStacks ? keepRawStacks() : () => undefined;
  if (!data.callStacks) v8.promiseHooks.createHook = () => () => undefined;
  switchCheaply(() => Atomics.store(data.otherSwitch, 0, 1));
  timeCalls(data.runningSince, onEdge);
}
