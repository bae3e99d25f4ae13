import { Module } from '@nestjs/common';
import { ArtifactsController } from './artifacts.controller';
import { ArtifactsService } from './artifacts.service';
import { UploadStore } from './upload-store';
import { UploadsController } from './uploads.controller';
import { UploadsService } from './uploads.service';

@Module({
  controllers: [ArtifactsController, UploadsController],
  providers: [ArtifactsService, UploadsService, UploadStore],
  exports: [UploadStore],
})
export class ArtifactsModule {}
