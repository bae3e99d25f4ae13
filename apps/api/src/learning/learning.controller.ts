import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  LearningReport,
  LessonDetail,
  LessonExport,
  LessonPage,
  ListLessonsQuery,
  SnapshotList,
} from '@goalkeeper/contracts';
import { Caller, type Principal } from '../auth/principal';
import { ApiProblems, LESSON_ID } from '../docs/decorators';
import { PublicIdPipe } from '../http/public-id.pipe';
import { LearningService } from './learning.service';

@ApiTags('learning')
@Controller('v1/learning')
export class LearningController {
  constructor(private readonly learning: LearningService) {}

  @Get('report')
  @ApiOperation({
    summary: 'What learning changed against the goals that run without it, what it harmed, what it takes',
  })
  @ApiOkResponse({ standardSchema: LearningReport })
  @ApiProblems()
  report(@Caller() caller: Principal): Promise<LearningReport> {
    return this.learning.report(caller);
  }

  @Get('lessons')
  @ApiOperation({ summary: 'Lessons, newest first' })
  @ApiOkResponse({ standardSchema: LessonPage })
  @ApiProblems('request.invalid', 'request.invalid_cursor')
  lessons(
    @Caller() caller: Principal,
    @Query({ schema: ListLessonsQuery }) query: ListLessonsQuery,
  ): Promise<LessonPage> {
    return this.learning.lessons(caller, query);
  }

  @Get('lessons/:id')
  @ApiOperation({ summary: 'A lesson with the goals it comes from, its statistics and its history' })
  @ApiParam(LESSON_ID)
  @ApiOkResponse({ standardSchema: LessonDetail })
  @ApiProblems('lesson.not_found')
  lesson(@Caller() caller: Principal, @Param('id', new PublicIdPipe('les')) id: string): Promise<LessonDetail> {
    return this.learning.lesson(caller, id);
  }

  @Get('snapshots')
  @ApiOperation({ summary: 'Sets of lessons that goals pinned, newest first' })
  @ApiOkResponse({ standardSchema: SnapshotList })
  @ApiProblems()
  snapshots(@Caller() caller: Principal): Promise<SnapshotList> {
    return this.learning.snapshots(caller);
  }

  @Get('export')
  @ApiOperation({ summary: 'Lessons to take elsewhere, each with its digest, without the goals that they come from' })
  @ApiOkResponse({ standardSchema: LessonExport })
  @ApiProblems()
  async export(@Caller() caller: Principal): Promise<StreamableFile> {
    const text = await this.learning.export(caller);
    return new StreamableFile(Readable.from(text, { objectMode: false }), { type: 'application/json; charset=utf-8' });
  }
}
