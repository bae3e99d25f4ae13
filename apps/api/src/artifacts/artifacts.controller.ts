import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  ArtifactList,
  ArtifactResponse,
  ContentQuery,
  CreateArtifactQuery,
  MAX_ARTIFACT_BYTES,
} from '@goalkeeper/contracts';
import type { Request, Response } from 'express';
import { Caller, callerOf, type Principal } from '../auth/principal';
import { ApiBytesBody, ApiProblems, ARTIFACT_ID, GOAL_ID, IDEMPOTENCY_KEY } from '../docs/decorators';
import { ApiProblem } from '../http/api-problem';
import { idempotencyOf } from '../http/idempotency';
import { RawBody } from '../http/json-body.interceptor';
import { originOf } from '../http/origin';
import { PublicIdPipe } from '../http/public-id.pipe';
import { Unlimited } from '../http/time-limit.interceptor';
import { mediaTypeOf, toArtifactResponse } from './artifact.view';
import { ArtifactsService } from './artifacts.service';
import { sendContent } from './content-sender';

@ApiTags('artifacts')
@Controller('v1')
export class ArtifactsController {
  constructor(private readonly artifacts: ArtifactsService) {}

  @Post('artifacts')
  @Unlimited()
  @HttpCode(201)
  @RawBody()
  @ApiOperation({
    summary: 'Bring data in',
    description: 'The body is the file, at most 1 GiB; see /v1/uploads for pieces',
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiConsumes('application/octet-stream')
  @ApiBytesBody()
  @ApiCreatedResponse({ standardSchema: ArtifactResponse })
  @ApiProblems(
    'request.invalid',
    'request.too_large',
    'request.unsupported_media_type',
    'idempotency.reused',
    'storage.unavailable',
  )
  async create(
    @Caller() caller: Principal,
    @Query({ schema: CreateArtifactQuery }) { name }: CreateArtifactQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ArtifactResponse> {
    checkRawBody(request, MAX_ARTIFACT_BYTES);
    const mediaType = mediaTypeOf(name, request.get('content-type'));
    const { artifact, replayed } = await this.artifacts.store(caller, request, {
      name,
      mediaType,
      origin: originOf(request),
      keyOf: ({ sha256 }) => idempotencyOf(request, caller, { name, sha256 }),
    });
    if (replayed) response.set('Idempotent-Replayed', 'true');
    response.set('Location', `/v1/artifacts/${artifact.id}`);
    return artifact;
  }

  @Get('artifacts/:id')
  @ApiOperation({ summary: 'What is known of a file' })
  @ApiParam(ARTIFACT_ID)
  @ApiOkResponse({ standardSchema: ArtifactResponse })
  @ApiProblems('artifact.not_found')
  async get(@Caller() caller: Principal, @Param('id', new PublicIdPipe('art')) id: string): Promise<ArtifactResponse> {
    return toArtifactResponse(await this.artifacts.get(caller, id));
  }

  @Get('artifacts/:id/content')
  @Unlimited()
  @ApiOperation({ summary: 'The bytes of a file; ranges are served' })
  @ApiParam(ARTIFACT_ID)
  @ApiOkResponse({ description: 'The file', content: { 'application/octet-stream': { schema: {} } } })
  @ApiResponse({
    status: 206,
    description: 'The range asked for',
    content: { 'application/octet-stream': { schema: {} } },
  })
  @ApiProblems('request.invalid', 'artifact.not_found', 'request.range')
  async content(
    @Param('id', new PublicIdPipe('art')) id: string,
    @Query({ schema: ContentQuery }) { inline }: ContentQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const artifact = await this.artifacts.get(callerOf(request), id);
    await sendContent(artifact, { blobs: this.artifacts.blobs, inline: inline === '1', request, response });
  }

  @Get('goals/:id/artifacts')
  @ApiOperation({ summary: "A goal's files: what it read and what it made" })
  @ApiParam(GOAL_ID)
  @ApiOkResponse({ standardSchema: ArtifactList })
  @ApiProblems('goal.not_found')
  list(@Caller() caller: Principal, @Param('id', new PublicIdPipe('goal')) goalId: string): Promise<ArtifactList> {
    return this.artifacts.listOfGoal(caller, goalId);
  }
}

/** Refuses what is known to be too large before a byte is read, and bodies that would have to be inflated. */
export function checkRawBody(request: Request, limitBytes: number): void {
  if (Number(request.get('content-length') ?? 0) > limitBytes) throw new ApiProblem('request.too_large');
  if ((request.get('content-encoding') ?? 'identity') !== 'identity')
    throw new ApiProblem('request.unsupported_media_type', { detail: 'Compressed bodies are not taken' });
}
