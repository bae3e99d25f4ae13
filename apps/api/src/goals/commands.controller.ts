import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { CommandRequest, CommandResponse, GoalResponse, toPublicId, type ProblemCode } from '@goalkeeper/contracts';
import type { Request, Response } from 'express';
import { Caller, type Principal } from '../auth/principal';
import { ApiProblems, GOAL_ID, IDEMPOTENCY_KEY } from '../docs/decorators';
import { idempotencyOf } from '../http/idempotency';
import { originOf } from '../http/origin';
import { PublicIdPipe } from '../http/public-id.pipe';
import { type CommandOrder, CommandsService } from './commands.service';
import { goalPath } from './goal.view';

const REFUSALS: readonly ProblemCode[] = [
  'request.invalid',
  'request.malformed_json',
  'request.unsupported_media_type',
  'goal.not_found',
  'goal.terminal',
  'idempotency.in_flight',
  'idempotency.reused',
];
const OPTIONAL_BODY = CommandRequest.prefault({});
const ACCEPTED = {
  standardSchema: GoalResponse,
  description: 'Stored; `Location` is the address of the command, where its answer will be',
  headers: { Location: { schema: { type: 'string' as const } } },
};
const BODY = { standardSchema: CommandRequest, required: false } as never;

@ApiTags('commands')
@Controller('v1/goals/:id')
export class CommandsController {
  constructor(private readonly commands: CommandsService) {}

  @Post('cancel')
  @HttpCode(202)
  @ApiOperation({ summary: 'Stop a goal; nothing further is dispatched' })
  @ApiParam(GOAL_ID)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody(BODY)
  @ApiAcceptedResponse(ACCEPTED)
  @ApiProblems(...REFUSALS)
  cancel(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('goal')) goalId: string,
    @Body({ schema: OPTIONAL_BODY }) body: CommandRequest,
    @Req() request: Request,
  ): Promise<GoalResponse> {
    return this.order('cancel', { caller, goalId, body, request });
  }

  @Post('pause')
  @HttpCode(202)
  @ApiOperation({ summary: 'Let a goal rest: calls under way end, no new ones begin' })
  @ApiParam(GOAL_ID)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody(BODY)
  @ApiAcceptedResponse(ACCEPTED)
  @ApiProblems(...REFUSALS)
  pause(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('goal')) goalId: string,
    @Body({ schema: OPTIONAL_BODY }) body: CommandRequest,
    @Req() request: Request,
  ): Promise<GoalResponse> {
    return this.order('pause', { caller, goalId, body, request });
  }

  @Post('resume')
  @HttpCode(202)
  @ApiOperation({ summary: 'Let a paused goal go on' })
  @ApiParam(GOAL_ID)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody(BODY)
  @ApiAcceptedResponse(ACCEPTED)
  @ApiProblems(...REFUSALS)
  resume(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('goal')) goalId: string,
    @Body({ schema: OPTIONAL_BODY }) body: CommandRequest,
    @Req() request: Request,
  ): Promise<GoalResponse> {
    return this.order('resume', { caller, goalId, body, request });
  }

  @Get('commands/:commandId')
  @ApiOperation({ summary: 'Whether a command has been obeyed' })
  @ApiParam(GOAL_ID)
  @ApiParam({ name: 'commandId', schema: { type: 'string', pattern: '^cmd_[0-9a-f]{32}$' } })
  @ApiOkResponse({ standardSchema: CommandResponse })
  @ApiProblems('command.not_found')
  getCommand(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('goal')) goalId: string,
    @Param('commandId', new PublicIdPipe('cmd')) commandId: string,
  ): Promise<CommandResponse> {
    return this.commands.get(caller, goalId, commandId);
  }

  private async order(
    kind: CommandOrder['kind'],
    from: { caller: Principal; goalId: string; body: CommandRequest; request: Request },
  ): Promise<GoalResponse> {
    const { caller, goalId, body, request } = from;
    const idempotency = idempotencyOf(request, caller, body);
    const order = { kind, reason: body.reason, idempotency, origin: originOf(request) };
    const { goal, commandId, replayed } = await this.commands.order(caller, goalId, order);
    const response = request.res as Response;
    response.set('Location', `${goalPath(goalId)}/commands/${toPublicId('cmd', commandId)}`);
    if (replayed) response.set('Idempotent-Replayed', 'true');
    return goal;
  }
}
