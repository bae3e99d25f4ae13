import { join } from 'node:path';
import { openDatabase } from '@goalkeeper/persistence';
import {
  BlobStore,
  ConfigError,
  createLogger,
  createTemporalClient,
  createWakeups,
  loadApiConfig,
  toEventLog,
  type ApiConfig,
  type Logger,
} from '@goalkeeper/platform';
import { createApp } from './app';
import { ensureFirstToken } from './auth/first-token';
import type { Parts } from './core/core.module';
import { Shutdown } from './core/shutdown';

/** Opens what the application stands on; the database is brought up to date first. */
async function openParts(config: ApiConfig, log: Logger): Promise<Parts> {
  const database = await openDatabase({
    url: config.databaseUrl,
    ownerUrl: config.databaseOwnerUrl,
    applicationName: 'goalkeeper-api',
    poolSize: config.databasePool,
    migrate: true,
    log: toEventLog(log),
  });
  const wakeups = await createWakeups({ redisUrl: config.redisUrl, log });
  const temporal = createTemporalClient({ address: config.temporalAddress, namespace: config.temporalNamespace });
  return { config, log, database, wakeups, temporal, blobs: new BlobStore({ dir: join(config.dataDir, 'blobs') }) };
}

async function main(): Promise<void> {
  const config = loadApiConfig(process.env);
  const log = createLogger('api', config.logLevel);
  const parts = await openParts(config, log);
  await ensureFirstToken(parts.database, config.tokenFile, log);
  const app = await createApp(parts);
  await app.listen(config.port, config.host);
  log.info({ host: config.host, port: config.port }, 'api.listening');

  let isStopping = false;
  const stop = (signal: string): void => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'api.stopping');
    app.get(Shutdown).begin();
    app
      .close()
      .then(() => parts.wakeups.close())
      .then(() => parts.temporal.close())
      .then(() => parts.database.close())
      .then(() => log.info('api.stopped'))
      .catch((error: unknown) => {
        log.error({ err: error }, 'api.stop_failed');
        process.exitCode = 1;
      })
      .finally(() => process.exit());
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Exit codes follow sysexits, as the worker's do: 78 for a wrong configuration. */
const EX_CONFIG = 78;

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n${error.hint}\n`);
  else process.stderr.write(`The API cannot start: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(error instanceof ConfigError ? EX_CONFIG : 1);
});
