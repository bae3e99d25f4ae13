export * from './definition';
export * from './registry';
export * from './sources/source-resolver';
export * from './builtin';
