/** Names under which the process-wide parts are injected. */
export const CONFIG = Symbol('config');
export const LOG = Symbol('log');
export const DATABASE = Symbol('database');
export const TEMPORAL = Symbol('temporal');
export const WAKEUPS = Symbol('wakeups');
