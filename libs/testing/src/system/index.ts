export * from './counting-server';
export * from './random';
export * from './system-client';
export * from './test-system';
export * from './event-stream';
export * from '../plugins/write-test-plugin';
