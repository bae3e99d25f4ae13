import { join, resolve } from 'node:path';
import { ApiEnv, parseEnv, WorkerEnv, type ApiSettings, type WorkerSettings } from './env';

/** What a process needs to reach the shared parts. */
export interface CommonConfig {
  readonly databaseUrl: string;
  readonly databaseOwnerUrl: string | undefined;
  readonly databasePool: number;
  readonly redisUrl: string | undefined;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly dataDir: string;
  readonly samplesDir: string | undefined;
  readonly fileRoots: readonly string[];
  readonly logLevel: string;
}

export interface ApiConfig extends CommonConfig {
  readonly port: number;
  readonly host: string;
  readonly temporalUiUrl: string | undefined;
  readonly tokenFile: string | undefined;
}

export interface WorkerConfig extends CommonConfig {
  readonly pools: WorkerSettings['WORKER_POOLS'];
  readonly decisions: 'local' | 'remote';
  readonly learningEverySeconds: number;
  readonly learningArm: 'on' | 'off' | undefined;
  readonly pluginDirs: readonly string[];
  /** Each folder in it is a pack of data. */
  readonly packsDir: string;
  readonly healthHost: string;
  readonly healthPort: number | undefined;
  readonly maxActivities: number;
  readonly maxCachedWorkflows: number;
  readonly workflowThreads: WorkerSettings['GK_WORKFLOW_THREADS'];
}

function common(env: ApiSettings | WorkerSettings): CommonConfig {
  return {
    databaseUrl: env.DATABASE_URL,
    databaseOwnerUrl: env.GK_DATABASE_OWNER_URL,
    databasePool: env.GK_DATABASE_POOL,
    redisUrl: env.REDIS_URL,
    temporalAddress: env.TEMPORAL_ADDRESS,
    temporalNamespace: env.TEMPORAL_NAMESPACE,
    dataDir: resolve(env.GK_DATA_DIR),
    samplesDir: env.GK_SAMPLES_DIR && resolve(env.GK_SAMPLES_DIR),
    fileRoots: env.GK_FILE_ROOTS.map((root) => resolve(root)),
    logLevel: env.GK_LOG_LEVEL,
  };
}

/** @throws {ConfigError} with all mistakes together */
export function loadApiConfig(env: NodeJS.ProcessEnv): ApiConfig {
  const settings = parseEnv(ApiEnv, env);
  return {
    ...common(settings),
    port: settings.PORT,
    host: settings.GK_HOST,
    temporalUiUrl: settings.GK_TEMPORAL_UI_URL?.replace(/\/+$/, ''),
    tokenFile: settings.GK_TOKEN_FILE,
  };
}

/** @throws {ConfigError} with all mistakes together */
export function loadWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  const settings = parseEnv(WorkerEnv, env);
  return {
    ...common(settings),
    pools: settings.WORKER_POOLS,
    decisions: settings.DECISION_ACTIVITIES,
    learningEverySeconds: settings.GK_LEARNING_EVERY_SECONDS,
    learningArm: settings.GK_LEARNING_ARM,
    pluginDirs: settings.GK_PLUGIN_DIRS.map((dir) => resolve(dir)),
    packsDir: resolve(settings.GK_PACKS_DIR ?? join(settings.GK_DATA_DIR, 'packs')),
    healthHost: settings.GK_WORKER_HOST,
    healthPort: settings.GK_WORKER_HEALTH_PORT,
    maxActivities: settings.GK_MAX_ACTIVITIES,
    maxCachedWorkflows: settings.GK_MAX_CACHED_WORKFLOWS,
    workflowThreads: settings.GK_WORKFLOW_THREADS,
  };
}
