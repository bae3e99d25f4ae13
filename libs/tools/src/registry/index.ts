export * from './descriptor';
export * from './load-plugin';
export * from './run-tool';
export * from './tool-registry';
