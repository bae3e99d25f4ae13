import type { Logger } from 'typeorm';
import type { DatabaseLog } from '../log';

/** Takes TypeORM's messages off the console; what people should know goes to our log. */
export class QuietLogger implements Logger {
  constructor(private readonly sink: DatabaseLog) {}

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.sink.warn('database.warning', { problem: String(message) });
  }

  // Failed queries are thrown to whoever asked; telling them here as well would tell everything twice.
  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
}
