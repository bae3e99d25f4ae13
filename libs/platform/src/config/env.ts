import { AgentError, plural } from '@goalkeeper/domain';
import { z } from 'zod';

/** One or more settings are missing or wrong; `details.problems` lists all of them. */
export class ConfigError extends AgentError {
  readonly code = 'config.invalid';
  readonly retryable = false;
}

const postgresUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: 'must be a URL like postgres://user:password@host:5432/database' })
  .describe('PostgreSQL, the truth about goals');
const port = z.coerce.number({ error: 'must be a port number' }).int().min(1).max(65_535);
const pools = z
  .string()
  .transform((text) => text.split(',').map((pool) => pool.trim()))
  .pipe(z.array(z.enum(['high', 'normal', 'low'], { error: 'must be a comma list of high, normal, low' })).min(1));
const folders = z.string().transform((text) => text.split(':').filter(Boolean));

/** Settings that every process reads. Each has a description: `.env.example` is checked against this schema. */
const common = {
  DATABASE_URL: postgresUrl,
  GK_DATABASE_OWNER_URL: postgresUrl
    .optional()
    .describe('PostgreSQL login that may run migrations; DATABASE_URL unless given'),
  GK_DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(20)
    .describe('database connections of one process at most'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a URL like redis://host:6379' })
    .optional()
    .describe('Redis for live fan-out; without it streams poll the database'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:/]+:\d+$/, 'must be host:port')
    .default('127.0.0.1:7233')
    .describe('frontend of the Temporal server'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace of the goals'),
  GK_DATA_DIR: z
    .string()
    .min(1)
    .default('.goalkeeper')
    .describe('folder of blobs and scratch files, shared by API and workers'),
  GK_SAMPLES_DIR: z.string().optional().describe('folder of the sample data sets named sample:FILE'),
  GK_FILE_ROOTS: folders.default([]).describe('folders, separated by colons, whose files goals may read'),
  GK_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
    .default('info')
    .describe('least level that is logged'),
};

export const ApiEnv = z.object({
  ...common,
  PORT: port.default(3000).describe('port of the API'),
  GK_HOST: z.string().min(1).default('127.0.0.1').describe('address the API listens on'),
  GK_TEMPORAL_UI_URL: z.url().optional().describe('address of the Temporal Web UI, for links'),
  GK_TOKEN_FILE: z
    .string()
    .optional()
    .describe('where an API token is kept (mode 600); one is made when the file is missing or its token does not work'),
});

export const WorkerEnv = z.object({
  ...common,
  WORKER_POOLS: pools.default(['high', 'normal', 'low']).describe('task queues this worker serves: high, normal, low'),
  DECISION_ACTIVITIES: z
    .enum(['local', 'remote'])
    .default('local')
    .describe('whether selection and analysis run inside the workflow task or as remote activities'),
  GK_LEARNING_EVERY_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(86_400)
    .default(60)
    .describe('how often what goals taught is judged, in seconds'),
  GK_LEARNING_ARM: z
    .enum(['on', 'off'])
    .optional()
    .describe('puts every goal on one side: on uses what was learned, off does not; for tests and measurements'),
  GK_PLUGIN_DIRS: folders.default([]).describe('folders, separated by colons, each a plug-in with plugin.json'),
  GK_PACKS_DIR: z
    .string()
    .optional()
    .describe('folder whose folders are packs of data, taken up without a restart; packs in GK_DATA_DIR unless given'),
  GK_WORKER_HOST: z.string().min(1).default('127.0.0.1').describe("address of the worker's health endpoints"),
  GK_WORKER_HEALTH_PORT: port.optional().describe('port of /livez and /readyz of the worker; none when absent'),
  GK_MAX_ACTIVITIES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('remote activities of one pool at once'),
  GK_MAX_CACHED_WORKFLOWS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('workflows a pool keeps in memory'),
  GK_WORKFLOW_THREADS: z
    .enum(['lean', 'lean-without-stacks', 'stock'])
    .default('lean')
    .describe(
      'workflow sandbox: one watchdog a process (lean), also without call stacks in the Web UI, or as the SDK ships it',
    ),
});

export type ApiSettings = z.output<typeof ApiEnv>;
export type WorkerSettings = z.output<typeof WorkerEnv>;

/**
 * Parses environment variables; an empty value counts as absent.
 *
 * @throws {ConfigError} with every mistake at once: variable, what is wrong, what it should be
 */
export function parseEnv<Schema extends z.ZodObject>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '');
    return `${name}: ${name in given ? issue.message : 'is required'}`;
  });
  throw new ConfigError(
    `The configuration has ${plural(problems.length, 'mistake')}:\n  ${problems.join('\n  ')}`,
    { problems },
    'Every variable is described in .env.example.',
  );
}
