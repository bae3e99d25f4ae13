import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Database } from '@goalkeeper/persistence';
import { BlobStore, type ApiConfig, type Logger, type TemporalClient, type Wakeups } from '@goalkeeper/platform';
import { Shutdown } from './shutdown';
import { CONFIG, DATABASE, LOG, TEMPORAL, WAKEUPS } from './tokens';

/** What the process opens before the application exists and closes after it. */
export interface Parts {
  readonly config: ApiConfig;
  readonly log: Logger;
  readonly database: Database;
  readonly temporal: TemporalClient;
  readonly wakeups: Wakeups;
  readonly blobs: BlobStore;
}

@Global()
@Module({})
export class CoreModule {
  static forRoot(parts: Parts): DynamicModule {
    const values = [
      { provide: CONFIG, useValue: parts.config },
      { provide: LOG, useValue: parts.log },
      { provide: DATABASE, useValue: parts.database },
      { provide: TEMPORAL, useValue: parts.temporal },
      { provide: WAKEUPS, useValue: parts.wakeups },
      { provide: BlobStore, useValue: parts.blobs },
      Shutdown,
    ];
    return { module: CoreModule, providers: values, exports: values };
  }
}
