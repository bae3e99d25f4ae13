import { Body, Controller, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import {
  EmptyRequest,
  EraseRequest,
  ErasureReceipt,
  ImportResponse,
  LearningRunResponse,
  LearningSettingsRequest,
  LearningSettingsView,
  LessonExport,
  SnapshotView,
  type ProblemCode,
} from '@goalkeeper/contracts';
import type { Request } from 'express';
import { callerOf } from '../auth/principal';
import { ApiProblems, IDEMPOTENCY_KEY, SNAPSHOT_ID } from '../docs/decorators';
import { idempotencyOf } from '../http/idempotency';
import { originOf } from '../http/origin';
import { PublicIdPipe } from '../http/public-id.pipe';
import { Unlimited } from '../http/time-limit.interceptor';
import { LearningChangesService, type Change } from './learning-changes.service';

const REFUSALS: readonly ProblemCode[] = [
  ...(['request.invalid', 'request.malformed_json', 'request.unsafe_json', 'request.too_large'] as const),
  ...(['request.unsupported_media_type', 'idempotency.in_flight', 'idempotency.reused'] as const),
];
const OPTIONAL_BODY = EmptyRequest.prefault({});
const NO_BODY = { standardSchema: EmptyRequest, required: false } as never;

const changeOf = (request: Request, body: unknown): Change => {
  const caller = callerOf(request);
  return { caller, idempotency: idempotencyOf(request, caller, body), origin: originOf(request) };
};
const pointed = (goalId: string): string => new PublicIdPipe('goal').transform(goalId);

@ApiTags('learning')
@Controller('v1/learning')
export class LearningChangesController {
  constructor(private readonly changes: LearningChangesService) {}

  @Put('settings')
  @ApiOperation({ summary: 'Switch learning on or off, freeze it, set the share of goals that run without it' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ standardSchema: LearningSettingsRequest } as never)
  @ApiOkResponse({ standardSchema: LearningSettingsView })
  @ApiProblems(...REFUSALS)
  configure(
    @Body({ schema: LearningSettingsRequest }) body: LearningSettingsRequest,
    @Req() request: Request,
  ): Promise<LearningSettingsView> {
    return this.changes.configure(changeOf(request, body), body);
  }

  @Post('freeze')
  @HttpCode(200)
  @ApiOperation({ summary: 'Keep what is active as it is; nothing new is learned' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody(NO_BODY)
  @ApiOkResponse({ standardSchema: LearningSettingsView })
  @ApiProblems(...REFUSALS)
  freeze(@Body({ schema: OPTIONAL_BODY }) body: EmptyRequest, @Req() request: Request): Promise<LearningSettingsView> {
    return this.changes.configure(changeOf(request, body), { frozen: true });
  }

  @Post('thaw')
  @HttpCode(200)
  @ApiOperation({ summary: 'Learn again after a freeze' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody(NO_BODY)
  @ApiOkResponse({ standardSchema: LearningSettingsView })
  @ApiProblems(...REFUSALS)
  thaw(@Body({ schema: OPTIONAL_BODY }) body: EmptyRequest, @Req() request: Request): Promise<LearningSettingsView> {
    return this.changes.configure(changeOf(request, body), { frozen: false });
  }

  @Post('runs')
  @Unlimited() // it waits for the round, and sets itself a limit
  @HttpCode(202)
  @ApiOperation({ summary: 'Judge now what goals taught, instead of at the next turn of the schedule' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody(NO_BODY)
  @ApiAcceptedResponse({ standardSchema: LearningRunResponse })
  @ApiProblems(...REFUSALS, 'engine.unavailable')
  run(@Body({ schema: OPTIONAL_BODY }) body: EmptyRequest, @Req() request: Request): Promise<LearningRunResponse> {
    return this.changes.run(changeOf(request, body));
  }

  @Post('snapshots/:id/rollback')
  @HttpCode(200)
  @ApiOperation({ summary: 'Go back to what a snapshot held; the result is a new snapshot' })
  @ApiParam(SNAPSHOT_ID)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody(NO_BODY)
  @ApiOkResponse({ standardSchema: SnapshotView })
  @ApiProblems(...REFUSALS, 'snapshot.not_found')
  rollBack(
    @Param('id', new PublicIdPipe('snap')) id: string,
    @Body({ schema: OPTIONAL_BODY }) body: EmptyRequest,
    @Req() request: Request,
  ): Promise<SnapshotView> {
    return this.changes.rollBack(changeOf(request, body), id);
  }

  @Post('import')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take lessons over as candidates: goals of this tenant must bear them out' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ standardSchema: LessonExport } as never)
  @ApiOkResponse({ standardSchema: ImportResponse })
  @ApiProblems(...REFUSALS)
  import(@Body({ schema: LessonExport }) body: LessonExport, @Req() request: Request): Promise<ImportResponse> {
    return this.changes.import(changeOf(request, body), body);
  }

  @Post('erasures')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take all that one goal taught out of memory, lessons and snapshots; leaves a receipt' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ standardSchema: EraseRequest } as never)
  @ApiOkResponse({ standardSchema: ErasureReceipt })
  @ApiProblems(...REFUSALS, 'episode.not_found')
  erase(@Body({ schema: EraseRequest }) body: EraseRequest, @Req() request: Request): Promise<ErasureReceipt> {
    return this.changes.erase(changeOf(request, body), pointed(body.goalId));
  }
}
