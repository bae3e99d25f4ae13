import { pino, type Logger } from 'pino';

export type { Logger };

/** Fields whose values never reach a log. */
const SECRETS = [
  'authorization',
  'token',
  'password',
  'req.headers.authorization',
  '*.authorization',
  '*.token',
  '*.password',
];

/**
 * JSON lines on stdout: an event name as message, data in fields.
 *
 * @param name the process: `api`, `worker`
 */
export function createLogger(name: string, level = 'info'): Logger {
  return pino({ name, level, redact: { paths: SECRETS, censor: '[redacted]' } });
}

/** The same log for rooms that know no logger: event name first, fields second. */
export interface EventLog {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
}

export function toEventLog(log: Pick<Logger, 'info' | 'warn'>): EventLog {
  return {
    info: (event, fields = {}) => log.info(fields, event),
    warn: (event, fields = {}) => log.warn(fields, event),
  };
}
