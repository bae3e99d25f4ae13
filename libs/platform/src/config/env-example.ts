import type { z } from 'zod';
import { ApiEnv, WorkerEnv } from './env';

/** One setting as people read about it. */
export interface EnvVariable {
  readonly name: string;
  /** Which processes read it. */
  readonly readBy: 'both' | 'api' | 'worker';
  readonly isRequired: boolean;
  /** As it would be written in the environment; empty when it is optional or required. */
  readonly defaultText: string;
  readonly description: string;
}

const HEADER = `# Settings of the API and of the worker. Made from libs/platform/src/config/env.ts; a unit test compares the two.
#
# npm start sets all of them by itself. For a process of your own, and for docker compose, copy this file to .env:
#   node --env-file=.env dist/apps/api/src/main.js
#   node --env-file=.env dist/apps/worker/src/main.js
# A line that begins with # shows the default. An empty value counts as absent.
`;

const COMPOSE = `
# --- docker-compose.yml alone: it sets everything above by itself
# password of PostgreSQL in its container; required there
POSTGRES_PASSWORD=
# folder on this machine that goals may read as /files
#GK_FILES=./data
`;

/** An example of what a required variable looks like; it is filled in, so that the copied file can be edited. */
const EXAMPLES: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://goalkeeper:password@127.0.0.1:5432/goalkeeper',
};

/** Every variable of the two schemas, those of both processes first, in the order of the schemas. */
export function envVariables(): readonly EnvVariable[] {
  const names = [...new Set([...Object.keys(ApiEnv.shape), ...Object.keys(WorkerEnv.shape)])];
  const found = names.map((name) => describe(name));
  return (['both', 'api', 'worker'] as const).flatMap((reader) => found.filter(({ readBy }) => readBy === reader));
}

/** The text of `.env.example`. */
export function envExample(): string {
  const titles = { both: 'API and worker', api: 'API', worker: 'worker' } as const;
  const variables = envVariables();
  const sections = (['both', 'api', 'worker'] as const).map((reader) => {
    const own = variables.filter(({ readBy }) => readBy === reader);
    return `\n# --- ${titles[reader]}\n${own.map(entry).join('')}`;
  });
  return `${HEADER}${sections.join('')}${COMPOSE}`;
}

function entry({ name, isRequired, defaultText, description }: EnvVariable): string {
  const line = isRequired ? `${name}=${EXAMPLES[name] ?? ''}` : `#${name}=${defaultText}`;
  return `# ${description}${isRequired ? '; required' : ''}\n${line}\n`;
}

function describe(name: string): EnvVariable {
  const ofApi = (ApiEnv.shape as Record<string, z.ZodType>)[name];
  const ofWorker = (WorkerEnv.shape as Record<string, z.ZodType>)[name];
  const schema = ofApi ?? ofWorker;
  const whenAbsent = schema?.safeParse(undefined);
  return {
    name,
    readBy: ofApi && ofWorker ? 'both' : ofApi ? 'api' : 'worker',
    isRequired: whenAbsent?.success === false,
    defaultText: textOf(whenAbsent?.data),
    description: schema?.description ?? '',
  };
}

/** A default as it is written: lists with commas. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
