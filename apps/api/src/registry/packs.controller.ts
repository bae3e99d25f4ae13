import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CreatePackRequest, PackDetail } from '@goalkeeper/contracts';
import type { Request, Response } from 'express';
import { Caller, callerOf, type Principal } from '../auth/principal';
import { ApiProblems } from '../docs/decorators';
import { originOf } from '../http/origin';
import { PacksService } from './packs.service';

@ApiTags('registry')
@Controller('v1/packs')
export class PacksController {
  constructor(private readonly packs: PacksService) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'Bring a pack in, for this tenant',
    description: 'Checked whole before it is stored; its tasks can be asked for at once. One version has one content.',
  })
  @ApiBody({ standardSchema: CreatePackRequest } as never)
  @ApiCreatedResponse({ standardSchema: PackDetail })
  @ApiProblems(
    'request.invalid',
    'request.malformed_json',
    'request.unsafe_json',
    'request.too_large',
    'request.unsupported_media_type',
    'pack.invalid',
    'pack.version_exists',
  )
  async create(
    @Body({ schema: CreatePackRequest }) body: CreatePackRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PackDetail> {
    const detail = await this.packs.upload(callerOf(request), body, originOf(request));
    response.set('Location', `/v1/packs/${encodeURIComponent(detail.name)}`);
    return detail;
  }

  @Get(':name')
  @ApiOperation({ summary: 'A pack with its tasks, methods, operators and versions' })
  @ApiOkResponse({ standardSchema: PackDetail })
  @ApiProblems('pack.not_found')
  async get(@Caller() caller: Principal, @Param('name') name: string): Promise<PackDetail> {
    return this.packs.get(caller, name);
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Take a pack off the offer',
    description: 'Goals that were planned with it go on. Packs of the installation are not taken away by a tenant.',
  })
  @ApiNoContentResponse()
  @ApiProblems('pack.not_found', 'pack.shared')
  async remove(@Param('name') name: string, @Req() request: Request): Promise<void> {
    await this.packs.remove(callerOf(request), name, originOf(request));
  }
}
