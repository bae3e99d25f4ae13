export * from './blobs/blob-store';
export * from './config/config';
export { ApiEnv, ConfigError, parseEnv, WorkerEnv } from './config/env';
export * from './files/sweep-abandoned';
export * from './logging/logger';
export * from './redis/wakeups';
export * from './temporal/client';
export * from './temporal/search-attributes';
