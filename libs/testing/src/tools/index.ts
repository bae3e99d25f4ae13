export * from './simulated-world';
export * from './simulated-tools';
export * from './pursue';
export * from './simulated-verifiers';
