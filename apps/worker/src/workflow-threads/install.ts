import workerThreads from 'node:worker_threads';
import type { Logger } from '@goalkeeper/platform';
import sdk from '@temporalio/worker/package.json';
import type { LeanThreadData } from './lean-vm';
import { answerForSilent } from './sink-calls';

/** The SDK whose threads `lean-vm.ts` was written and measured for. */
export const SUPPORTED_SDK = '1.24.0';
const THREAD_FILE = /[\\/]@temporalio[\\/]worker[\\/]lib[\\/]workflow[\\/]workflow-worker-thread\.js$/;
/** A call into the sandbox that takes longer ends the process; the SDK's own limit is the same. */
export const LONGEST_CALL_MS = 5_000;

type LeanThread = Omit<LeanThreadData['goalkeeperLeanVm'], 'callStacks'>;

export interface LeanThreadOptions {
  readonly mode: 'lean' | 'lean-without-stacks' | 'stock';
  readonly log: Pick<Logger, 'info' | 'warn' | 'fatal'>;
  /** Called when workflow code blocked its thread for too long; ends the process. */
  readonly onStuck: (blockedMs: number) => void;
  readonly sdkVersion?: string;
  readonly longestCallMs?: number;
}

/**
 * Makes the SDK start its workflow threads with `lean-vm.ts` and watches them with one timer for the process. Call it before
 * the first Worker is created. On any SDK but {@link SUPPORTED_SDK} it steps aside and says so.
 *
 * @returns whether the threads are lean
 */
export function installLeanThreads({
  mode,
  log,
  onStuck,
  sdkVersion = sdk.version,
  longestCallMs = LONGEST_CALL_MS,
}: LeanThreadOptions): boolean {
  if (mode === 'stock') return false;
  if (sdkVersion !== SUPPORTED_SDK) {
    log.warn({ sdkVersion, supported: SUPPORTED_SDK }, 'workflow_threads.stock_for_other_sdk');
    return false;
  }
  const threads: LeanThread[] = [];
  const Original = workerThreads.Worker;
  workerThreads.Worker = class Worker extends Original {
    constructor(file: string | URL, options?: workerThreads.WorkerOptions) {
      const isWorkflowThread = THREAD_FILE.test(String(file));
      super(file, isWorkflowThread ? lean(options, threads, mode) : options);
      if (isWorkflowThread) answerForSilent(this);
    }
  };
  watch(threads, { longestCallMs, onStuck, log });
  log.info({ mode, longestCallMs }, 'workflow_threads.lean');
  return true;
}

function lean(
  options: workerThreads.WorkerOptions | undefined,
  threads: LeanThread[],
  mode: LeanThreadOptions['mode'],
): workerThreads.WorkerOptions {
  const thread: LeanThread = {
    runningSince: new BigInt64Array(new SharedArrayBuffer(8)),
    otherSwitch: new Int32Array(new SharedArrayBuffer(4)),
  };
  threads.push(thread);
  const data: LeanThreadData = { goalkeeperLeanVm: { ...thread, callStacks: mode === 'lean' } };
  return { ...options, workerData: data, execArgv: ['--require', require.resolve('./lean-vm')] };
}

/** One timer looks at all threads; a thread that is not in a call has 0 in its cell. */
function watch(
  threads: readonly LeanThread[],
  { longestCallMs, onStuck, log }: Required<Pick<LeanThreadOptions, 'longestCallMs' | 'onStuck' | 'log'>>,
): void {
  let isTold = false;
  const look = (): void => {
    const now = process.hrtime.bigint();
    for (const { runningSince, otherSwitch } of threads) {
      const since = Atomics.load(runningSince, 0);
      const blockedMs = since === 0n ? 0 : Number((now - since) / 1_000_000n);
      if (blockedMs > longestCallMs) onStuck(blockedMs);
      if (isTold || Atomics.load(otherSwitch, 0) === 0) continue;
      isTold = true;
      log.warn({ supported: SUPPORTED_SDK }, 'workflow_threads.stock_switch');
    }
  };
  setInterval(look, Math.min(1_000, longestCallMs / 2)).unref();
}
