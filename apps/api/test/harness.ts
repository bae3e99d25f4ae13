import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_TENANT_ID,
  newId,
  openDatabase,
  TenantRepository,
  TokenRepository,
  type Database,
} from '@goalkeeper/persistence';
import {
  BlobStore,
  createLogger,
  createTemporalClient,
  createWakeups,
  loadApiConfig,
  type ApiConfig,
  type Wakeups,
} from '@goalkeeper/platform';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../src/app';
import { Shutdown } from '../src/core/shutdown';

/** A port on which nobody answers: the engine is away. */
const NOWHERE = '127.0.0.1:1';

export interface Api {
  readonly url: string;
  readonly config: ApiConfig;
  readonly app: NestExpressApplication;
  readonly database: Database;
  readonly wakeups: Wakeups;
  /** Tokens of two tenants. */
  readonly token: string;
  readonly foreignToken: string;
  readonly tenantId: string;
  readonly foreignTenantId: string;
  /** Sends a request as the first tenant unless `token` says otherwise; null sends none. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; null when it is not JSON. */
  readonly json: JsonAnswer;
}

/** Deep access without a cast at every step; the schemas check the shapes. */
export type JsonAnswer = ReturnType<typeof JSON.parse>;

/** The real application on a database of its own, listening on a free port. */
export async function startApi(
  databaseUrl: string,
  temporalAddress = NOWHERE,
  temporalNamespace = 'default',
): Promise<Api> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gk-api-'));
  const log = createLogger('api-test', process.env.GK_TEST_LOG ?? 'fatal');
  const quiet = { info: () => undefined, warn: () => undefined };
  const database = await openDatabase({
    url: databaseUrl,
    applicationName: 'api-test',
    poolSize: 20,
    migrate: true,
    log: quiet,
  });
  const config = configFor({ databaseUrl, temporalAddress, temporalNamespace, dataDir });
  const wakeups = await createWakeups({ log });
  const temporal = createTemporalClient({ address: temporalAddress, namespace: temporalNamespace });
  const blobs = new BlobStore({ dir: join(dataDir, 'blobs') });
  const app = await createApp({ config, log, database, wakeups, temporal, blobs });
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const token = await makeTenant(database, DEFAULT_TENANT_ID, 'default');
  const foreignTenantId = newId();
  const foreignToken = await makeTenant(database, foreignTenantId, 'another');
  return {
    url,
    config,
    app,
    database,
    wakeups,
    token,
    foreignToken,
    tenantId: DEFAULT_TENANT_ID,
    foreignTenantId,
    call: (method, path, options = {}) => send(url, method, path, { token, ...options }),
    async close() {
      app.get(Shutdown).begin();
      await app.close();
      await temporal.close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function configFor(
  given: Pick<ApiConfig, 'databaseUrl' | 'temporalAddress' | 'temporalNamespace' | 'dataDir'>,
): ApiConfig {
  return {
    ...loadApiConfig({ DATABASE_URL: given.databaseUrl, GK_TEMPORAL_UI_URL: 'http://127.0.0.1:8233' }),
    ...given,
    host: '127.0.0.1',
  };
}

function makeTenant(database: Database, id: string, name: string): Promise<string> {
  return database.tenant(id, async (tx) => {
    await new TenantRepository(tx).add({ id, name });
    return (await new TokenRepository(tx).create(id, name)).token;
  });
}

async function send(url: string, method: string, path: string, options: CallOptions): Promise<Answer> {
  const headers: Record<string, string> = { connection: 'close', ...options.headers };
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  if (options.json !== undefined) headers['content-type'] ??= 'application/json';
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  const response = await fetch(url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: body as NonNullable<RequestInit['body']> }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
