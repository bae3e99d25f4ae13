import { join } from 'node:path';
import { createGoalActivities, createScheduledActivities } from '@goalkeeper/activities';
import { openDatabase, type Database } from '@goalkeeper/persistence';
import {
  BlobStore,
  ConfigError,
  createLogger,
  createWakeups,
  loadWorkerConfig,
  type Logger,
  toEventLog,
  type WorkerConfig,
} from '@goalkeeper/platform';
import { createToolRegistry } from '@goalkeeper/tools';
import { serveHealth } from './health';
import { keepLearningSchedule } from './learning-schedule';
import { installLeanThreads } from './workflow-threads/install';
import { runPools, type Pools } from './pools';
import { sweepLeftovers } from './sweep';
import { loadPlugins, offerTools } from './tools';

/** Exit codes follow sysexits: 78 for a wrong configuration, 70 for a defect. */
const EX_CONFIG = 78;
const EX_SOFTWARE = 70;

/** Starts the worker from environment variables and serves its pools until it is told to stop. */
async function main(): Promise<void> {
  const config = loadWorkerConfig(process.env);
  const log = createLogger('worker', config.logLevel);
  installLeanThreads({
    mode: config.workflowThreads,
    log,
    onStuck: (blockedMs) => {
      log.fatal({ blockedMs }, 'workflow_threads.stuck');
      process.exit(EX_SOFTWARE);
    },
  });
  const database = await openDatabase({
    url: config.databaseUrl,
    ownerUrl: config.databaseOwnerUrl,
    applicationName: 'goalkeeper-worker',
    poolSize: config.databasePool,
    migrate: true,
    log: toEventLog(log),
  });
  const pools = await startPools(config, database, log);
  const health = config.healthPort
    ? await serveHealth({ port: config.healthPort, host: config.healthHost, pools, database })
    : null;
  stopOnSignal(log, pools);
  await pools.finished;
  await health?.close();
  await database.close();
  log.info('worker.stopped');
}

async function startPools(config: WorkerConfig, database: Database, log: Logger): Promise<Pools> {
  const blobs = new BlobStore({ dir: join(config.dataDir, 'blobs') });
  const scratchDir = join(config.dataDir, 'scratch');
  void sweepLeftovers({ blobs, scratchDir, log }); // beside the work: a slow disk holds nothing up
  const registry = createToolRegistry({ plugins: await loadPlugins(config.pluginDirs) });
  const { tools, stop } = await offerTools(database, registry, { packsDir: config.packsDir, log });
  const wakeups = await createWakeups({ redisUrl: config.redisUrl, log });
  const deps = {
    database,
    tools,
    blobs,
    wakeups,
    log,
    decisions: config.decisions,
    files: {
      roots: config.fileRoots,
      closed: [config.dataDir],
      samplesDir: config.samplesDir,
      scratchDir,
    },
    learningArm: config.learningArm,
  };
  const activities = { ...createGoalActivities(deps), ...createScheduledActivities(deps) };
  void keepLearningSchedule({ config, log }); // beside the work: goals do not wait for it
  const pools = await runPools({ config, activities, log });
  void pools.finished.finally(stop).catch(() => undefined); // whoever waits for the pools is told of their end
  return pools;
}

/** The first signal drains: no new work, running calls get their time to end. */
function stopOnSignal(log: Logger, pools: Pools): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'worker.stopping');
      pools.stop();
    });
  }
}

// A plug-in's stray promise must not take every goal of this worker with it.
process.on('unhandledRejection', (reason) => {
  createLogger('worker').error({ err: reason }, 'worker.unhandled_rejection');
});

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const isConfig = error instanceof ConfigError;
    process.stderr.write(
      `${isConfig ? `${error.message}\n${error.hint}` : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(isConfig ? EX_CONFIG : EX_SOFTWARE);
  },
);
