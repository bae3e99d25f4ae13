import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/** Tells long answers (streams, `?wait`) that the server is stopping, so that closing does not wait for them. */
@Injectable()
export class Shutdown implements BeforeApplicationShutdown {
  private readonly controller = new AbortController();

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  begin(): void {
    this.controller.abort();
  }

  beforeApplicationShutdown(): void {
    this.begin();
  }
}
