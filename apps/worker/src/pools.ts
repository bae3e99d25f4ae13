import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GoalActivities, LearningActivities } from '@goalkeeper/workflows/ports';
import { taskQueueOf } from '@goalkeeper/workflows/client';
import type { Logger, WorkerConfig } from '@goalkeeper/platform';
import {
  DefaultLogger,
  type LogEntry,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { BUNDLE_FILE } from './build-bundle';

export interface Pools {
  /** Settles when every pool has drained; rejects when one broke down. */
  readonly finished: Promise<void>;
  /** True while every pool polls its queue. */
  isServing(): boolean;
  stop(): void;
}

interface PoolsInput {
  readonly config: WorkerConfig;
  readonly activities: GoalActivities & LearningActivities;
  readonly log: Logger;
}

/** Serves a task queue for each configured pool over one connection. */
export async function runPools({ config, activities, log }: PoolsInput): Promise<Pools> {
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', (entry) => forward(log, entry)),
    workerHeartbeatInterval: '30s',
  });
  const connection = await connect(config.temporalAddress, log);
  const workers = await Promise.all(
    config.pools.map((pool) =>
      Worker.create({ ...optionsFor(config), connection, activities: { ...activities }, taskQueue: taskQueueOf(pool) }),
    ),
  );
  const stop = (): void =>
    workers.filter((worker) => worker.getState() === 'RUNNING').forEach((worker) => worker.shutdown());
  const runs = workers.map((worker) => worker.run());
  log.info({ pools: config.pools, decisions: config.decisions, address: config.temporalAddress }, 'worker.serving');
  const finished = Promise.all(runs)
    .catch(async (error: unknown) => {
      stop();
      await Promise.allSettled(runs);
      throw error;
    })
    .then(() => connection.close());
  return { finished, stop, isServing: () => workers.every((worker) => worker.getState() === 'RUNNING') };
}

function optionsFor(config: WorkerConfig): Omit<WorkerOptions, 'taskQueue'> {
  if (!existsSync(BUNDLE_FILE)) throw new Error('The workflow bundle is missing: run `npm run build`');
  return {
    namespace: config.temporalNamespace,
    workflowBundle: { codePath: BUNDLE_FILE },
    maxCachedWorkflows: config.maxCachedWorkflows,
    workflowThreadPoolSize: 1,
    maxConcurrentActivityTaskExecutions: config.maxActivities,
    maxConcurrentLocalActivityExecutions: 50,
    maxConcurrentWorkflowTaskExecutions: 40,
    workflowTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 2, maximum: 20 },
    activityTaskPollerBehavior: { type: 'autoscaling', minimum: 1, initial: 2, maximum: 20 },
    stickyQueueScheduleToStartTimeout: '2s',
    maxHeartbeatThrottleInterval: '2s',
    defaultHeartbeatThrottleInterval: '1s',
    shutdownGraceTime: '10s',
    shutdownForceTime: '30s',
  };
}

/** Waits for the engine as long as it takes: a worker that starts before it is not a defect. */
async function connect(address: string, log: Logger): Promise<NativeConnection> {
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      return await NativeConnection.connect({ address });
    } catch (error) {
      log.warn({ err: error, address, retryInMs: pauseMs }, 'engine.unreachable');
      await sleep(pauseMs);
    }
  }
}

function forward(log: Logger, entry: LogEntry): void {
  const level = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
  const { error, taskToken: _token, ...sdk } = entry.meta ?? {};
  log[level[entry.level]]({ err: error, sdk, detail: entry.message }, 'engine.sdk');
}
