export * from './builders';
export * from './calls';
export * from './database';
export * from './store';
export * from './rows';
export * from './learning';
