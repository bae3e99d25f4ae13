import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/engine.module';
import { EventsController } from '../events/events.controller';
import { InsightController } from '../insight/insight.controller';
import { InsightService } from '../insight/insight.service';
import { CommandsController } from './commands.controller';
import { CommandsService } from './commands.service';
import { AnswersController } from './answers.controller';
import { AnswersService } from './answers.service';
import { QuestionsController } from './questions.controller';
import { GoalWaiter } from './goal-waiter';
import { GoalWatcher } from './goal-watcher';
import { GoalsController } from './goals.controller';
import { GoalsService } from './goals.service';
import { PreviewService } from './preview.service';

@Module({
  imports: [EngineModule],
  controllers: [
    GoalsController,
    CommandsController,
    AnswersController,
    QuestionsController,
    EventsController,
    InsightController,
  ],
  providers: [GoalsService, CommandsService, AnswersService, InsightService, GoalWatcher, GoalWaiter, PreviewService],
})
export class GoalsModule {}
