import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@goalkeeper/platform';

/** What Nest itself says, as lines of our log. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Logger) {}

  log(message: unknown): void {
    this.to.debug({ nest: message }, 'nest.log');
  }

  warn(message: unknown): void {
    this.to.warn({ nest: message }, 'nest.warn');
  }

  error(message: unknown, stack?: unknown): void {
    this.to.error({ nest: message, stack }, 'nest.error');
  }
}
