import { Module } from '@nestjs/common';
import { PacksController } from './packs.controller';
import { PacksService } from './packs.service';
import { RegistryController } from './registry.controller';

@Module({ controllers: [RegistryController, PacksController], providers: [PacksService] })
export class RegistryModule {}
