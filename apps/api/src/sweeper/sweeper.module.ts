import { Module } from '@nestjs/common';
import { ArtifactsModule } from '../artifacts/artifacts.module';
import { CalibrationModule } from '../calibration/calibration.module';
import { EngineModule } from '../engine/engine.module';
import { Courier } from './courier';
import { Housekeeping } from './housekeeping';
import { Orphans } from './orphans';
import { Reconciler } from './reconciler';
import { SweeperService } from './sweeper.service';

@Module({
  imports: [EngineModule, ArtifactsModule, CalibrationModule],
  providers: [Courier, Housekeeping, Orphans, Reconciler, SweeperService],
})
export class SweeperModule {}
