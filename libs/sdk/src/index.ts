export * from './client';
export * from './errors';
export type { LearningClient } from './learning';
export { isTerminal } from './states';
export type { ClientOptions } from './transport';
export type { UploadFile } from './upload';
export type { WatchOptions } from './watch';
