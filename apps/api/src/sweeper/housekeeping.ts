import { Inject, Injectable } from '@nestjs/common';
import { OutboxRepository, type Database } from '@goalkeeper/persistence';
import { UploadStore } from '../artifacts/upload-store';
import { CalibrationService } from '../calibration/calibration.service';
import { DATABASE } from '../core/tokens';
import { Orphans } from './orphans';

const EVERY_MS = 3_600_000;

/** Makes room ahead (next month's partitions) and drops what has served: old request keys, abandoned uploads, orphans. Fits calibrations. */
@Injectable()
export class Housekeeping {
  private nextAt = 0;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly uploads: UploadStore,
    private readonly calibration: CalibrationService,
    private readonly orphans: Orphans,
  ) {}

  /** Ends orphans every few seconds; the rest is done at most once an hour. */
  async round(): Promise<void> {
    await this.orphans.round();
    if (performance.now() < this.nextAt) return;
    await this.database.ensurePartitions();
    await this.database.system((tx) => new OutboxRepository(tx).forgetOldKeys());
    await this.uploads.forgetOld();
    await this.calibration.fitAll();
    this.nextAt = performance.now() + EVERY_MS;
  }
}
