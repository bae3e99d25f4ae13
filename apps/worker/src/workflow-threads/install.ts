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
  const clocks: BigInt64Array<SharedArrayBuffer>[] = [];
  const Original = workerThreads.Worker;
  workerThreads.Worker = class Worker extends Original {
    constructor(file: string | URL, options?: workerThreads.WorkerOptions) {
      const isWorkflowThread = THREAD_FILE.test(String(file));
      super(file, isWorkflowThread ? lean(options, clocks, mode) : options);
      if (isWorkflowThread) answerForSilent(this);
    }
  };
  watch(clocks, longestCallMs, onStuck);
  log.info({ mode, longestCallMs }, 'workflow_threads.lean');
  return true;
}

function lean(
  options: workerThreads.WorkerOptions | undefined,
  clocks: BigInt64Array<SharedArrayBuffer>[],
  mode: LeanThreadOptions['mode'],
): workerThreads.WorkerOptions {
  const runningSince = new BigInt64Array(new SharedArrayBuffer(8));
  clocks.push(runningSince);
  const data: LeanThreadData = { goalkeeperLeanVm: { runningSince, callStacks: mode === 'lean' } };
  return { ...options, workerData: data, execArgv: ['--require', require.resolve('./lean-vm')] };
}

/** One timer looks at all threads; a thread that is not in a call has 0 in its cell. */
function watch(
  clocks: readonly BigInt64Array<SharedArrayBuffer>[],
  longestCallMs: number,
  onStuck: (blockedMs: number) => void,
): void {
  const timer = setInterval(
    () => {
      const now = process.hrtime.bigint();
      for (const clock of clocks) {
        const since = Atomics.load(clock, 0);
        const blockedMs = since === 0n ? 0 : Number((now - since) / 1_000_000n);
        if (blockedMs > longestCallMs) onStuck(blockedMs);
      }
    },
    Math.min(1_000, longestCallMs / 2),
  );
  timer.unref();
}
