import { Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { ArtifactsModule } from './artifacts/artifacts.module';
import { AuthModule } from './auth/auth.module';
import { CalibrationModule } from './calibration/calibration.module';
import { CoreModule, type Parts } from './core/core.module';
import { ErrorsController } from './docs/errors.controller';
import { GoalsModule } from './goals/goals.module';
import { HealthModule } from './health/health.module';
import { JsonBodyInterceptor } from './http/json-body.interceptor';
import { TimeLimitInterceptor } from './http/time-limit.interceptor';
import { LearningModule } from './learning/learning.module';
import { RegistryModule } from './registry/registry.module';
import { SweeperModule } from './sweeper/sweeper.module';

@Module({})
export class AppModule {
  static forRoot(parts: Parts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CoreModule.forRoot(parts),
        AuthModule,
        GoalsModule,
        ArtifactsModule,
        RegistryModule,
        CalibrationModule,
        LearningModule,
        HealthModule,
        SweeperModule,
      ],
      controllers: [ErrorsController],
      providers: [
        { provide: APP_INTERCEPTOR, useClass: TimeLimitInterceptor },
        { provide: APP_INTERCEPTOR, useClass: JsonBodyInterceptor },
      ],
    };
  }
}
