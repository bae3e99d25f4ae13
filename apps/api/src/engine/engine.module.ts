import { Module } from '@nestjs/common';
import { DeliveryService } from './delivery.service';
import { EngineService } from './engine.service';

@Module({ providers: [EngineService, DeliveryService], exports: [EngineService, DeliveryService] })
export class EngineModule {}
