import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { CreateUploadRequest, MAX_ARTIFACT_BYTES, UploadResponse, type ProblemCode } from '@goalkeeper/contracts';
import type { Request, Response } from 'express';
import { Caller, type Principal } from '../auth/principal';
import { ApiBytesBody, ApiProblems, IDEMPOTENCY_KEY, UPLOAD_ID, UPLOAD_OFFSET } from '../docs/decorators';
import { ApiProblem } from '../http/api-problem';
import { idempotencyOf } from '../http/idempotency';
import { RawBody } from '../http/json-body.interceptor';
import { originOf } from '../http/origin';
import { PublicIdPipe } from '../http/public-id.pipe';
import { Unlimited } from '../http/time-limit.interceptor';
import { checkRawBody } from './artifacts.controller';
import { UploadsService } from './uploads.service';

const PIECE_REFUSALS: readonly ProblemCode[] = [
  'request.invalid',
  'upload.not_found',
  'upload.offset',
  'upload.hash',
  'request.too_large',
  'request.unsupported_media_type',
  'storage.unavailable',
];

@ApiTags('artifacts')
@Controller('v1/uploads')
export class UploadsController {
  constructor(private readonly uploads: UploadsService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Begin a file that comes in pieces' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ standardSchema: CreateUploadRequest } as never)
  @ApiCreatedResponse({ standardSchema: UploadResponse })
  @ApiProblems('request.invalid', 'request.malformed_json', 'request.unsupported_media_type', 'upload.hash')
  async begin(
    @Caller() caller: Principal,
    @Body({ schema: CreateUploadRequest }) body: CreateUploadRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadResponse> {
    const from = { origin: originOf(request), idempotency: idempotencyOf(request, caller, body) };
    const { upload, replayed } = await this.uploads.begin(caller, body, from);
    if (replayed) response.set('Idempotent-Replayed', 'true');
    response.set({ Location: `/v1/uploads/${upload.id}`, 'Upload-Offset': String(upload.offset) });
    return upload;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Where an upload stands; HEAD answers the header Upload-Offset alone' })
  @ApiParam(UPLOAD_ID)
  @ApiOkResponse({ standardSchema: UploadResponse, headers: { 'Upload-Offset': { schema: { type: 'integer' } } } })
  @ApiProblems('upload.not_found')
  async get(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('upl')) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadResponse> {
    const upload = await this.uploads.get(caller, id);
    response.set({ 'Upload-Offset': String(upload.offset), 'Cache-Control': 'no-store' });
    return upload;
  }

  @Put(':id')
  @Unlimited()
  @RawBody()
  @ApiOperation({ summary: 'Send the piece that begins at Upload-Offset' })
  @ApiParam(UPLOAD_ID)
  @ApiHeader(UPLOAD_OFFSET)
  @ApiConsumes('application/octet-stream')
  @ApiBytesBody()
  @ApiOkResponse({ standardSchema: UploadResponse })
  @ApiProblems(...PIECE_REFUSALS)
  put(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('upl')) id: string,
    @Req() request: Request,
  ): Promise<UploadResponse> {
    return this.append(caller, id, request);
  }

  @Patch(':id')
  @Unlimited()
  @RawBody()
  @ApiOperation({ summary: 'The same as PUT' })
  @ApiParam(UPLOAD_ID)
  @ApiHeader(UPLOAD_OFFSET)
  @ApiConsumes('application/octet-stream')
  @ApiBytesBody()
  @ApiOkResponse({ standardSchema: UploadResponse })
  @ApiProblems(...PIECE_REFUSALS)
  patch(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('upl')) id: string,
    @Req() request: Request,
  ): Promise<UploadResponse> {
    return this.append(caller, id, request);
  }

  private async append(caller: Principal, id: string, request: Request): Promise<UploadResponse> {
    checkRawBody(request, MAX_ARTIFACT_BYTES);
    const header = request.get('upload-offset') ?? '';
    if (!/^\d{1,15}$/.test(header))
      throw new ApiProblem('request.invalid', {
        detail: 'Upload-Offset must say at which byte this piece begins',
        errors: [{ pointer: '/Upload-Offset', message: 'must be a whole number' }],
      });
    const piece = { offset: Number(header), content: request, origin: originOf(request) };
    const upload = await this.uploads.append(caller, id, piece);
    request.res?.set('Upload-Offset', String(upload.offset));
    return upload;
  }
}
