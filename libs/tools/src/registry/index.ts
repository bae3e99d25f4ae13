export * from './descriptor';
export * from './load-plugin';
export * from './pack-directory';
export { readPackFolder, type PackFinding, type PackFolder } from './pack-folder';
export * from './run-tool';
export * from './tool-registry';
