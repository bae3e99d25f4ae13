import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/engine.module';
import { EpisodesController } from './episodes.controller';
import { LearningChangesController } from './learning-changes.controller';
import { LearningChangesService } from './learning-changes.service';
import { LearningController } from './learning.controller';
import { LearningService } from './learning.service';

@Module({
  imports: [EngineModule],
  controllers: [LearningController, LearningChangesController, EpisodesController],
  providers: [LearningService, LearningChangesService],
})
export class LearningModule {}
