import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
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
  CreateGoalQuery,
  CreateGoalRequest,
  decodeCursor,
  GetGoalQuery,
  GoalPage,
  GoalResponse,
  ListGoalsQuery,
  PlanPreviewResponse,
} from '@goalkeeper/contracts';
import type { Request, Response } from 'express';
import { Caller, callerOf, type Principal } from '../auth/principal';
import { ApiProblems, GOAL_ID, IDEMPOTENCY_KEY } from '../docs/decorators';
import { ApiProblem } from '../http/api-problem';
import { conditional } from '../http/entity-tag';
import { idempotencyOf } from '../http/idempotency';
import { originOf } from '../http/origin';
import { PublicIdPipe } from '../http/public-id.pipe';
import { goneSignal } from '../http/gone-signal';
import { GoalsService } from './goals.service';
import { PreviewService } from './preview.service';

@ApiTags('goals')
@Controller('v1/goals')
export class GoalsController {
  constructor(
    private readonly goals: GoalsService,
    private readonly previews: PreviewService,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'State a goal',
    description:
      'Stored before the answer: from then on it is pursued, whatever breaks. `?wait=30` holds for its end; `?dryRun=plan` shows what would be done.',
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ standardSchema: CreateGoalRequest } as never)
  @ApiOkResponse({
    standardSchema: PlanPreviewResponse,
    description: 'With ?dryRun=plan: nothing was stored or started',
  })
  @ApiAcceptedResponse({ standardSchema: GoalResponse, headers: { Location: { schema: { type: 'string' } } } })
  @ApiProblems(
    'request.invalid',
    'request.malformed_json',
    'request.unsafe_json',
    'request.too_large',
    'request.unsupported_media_type',
    'preview.refused',
    'preview.no_worker',
    'engine.unavailable',
    'dependency.unknown',
    'dependency.circular',
    'idempotency.in_flight',
    'idempotency.reused',
    'idempotency.invalid_key',
  )
  async create(
    @Body({ schema: CreateGoalRequest }) body: CreateGoalRequest,
    @Query({ schema: CreateGoalQuery }) { wait, dryRun }: CreateGoalQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<GoalResponse | PlanPreviewResponse> {
    const caller = callerOf(request);
    if (dryRun === 'plan') {
      response.status(200);
      return this.previews.preview(caller, body);
    }
    const idempotency = idempotencyOf(request, caller, body);
    const created = await this.goals.create(caller, { body, idempotency, origin: originOf(request) });
    response.set('Location', created.body.links.self);
    if (created.replayed) response.set('Idempotent-Replayed', 'true');
    if (wait === 0) return created.body;
    const goalId = new PublicIdPipe('goal').transform(created.body.id);
    const query = { include: '', wait, isNew: !created.replayed };
    return this.goals.get(caller, goalId, query, goneSignal(response));
  }

  @Get()
  @ApiOperation({ summary: 'List goals, newest first' })
  @ApiOkResponse({ standardSchema: GoalPage, headers: { Link: { schema: { type: 'string' } } } })
  @ApiProblems('request.invalid', 'request.invalid_cursor')
  async list(
    @Caller() caller: Principal,
    @Query({ schema: ListGoalsQuery }) query: ListGoalsQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<GoalPage> {
    if (query.cursor !== undefined && !decodeCursor(query.cursor)) throw new ApiProblem('request.invalid_cursor');
    const page = await this.goals.list(caller, query);
    if (page.page.next) {
      const next = new URLSearchParams({ limit: String(query.limit), cursor: page.page.next });
      if (query.state) next.set('state', query.state);
      response.set('Link', `</v1/goals?${next.toString()}>; rel="next"`);
    }
    return page;
  }

  @Get(':id')
  @ApiOperation({ summary: 'How a goal stands; `?wait=30` holds until it has ended' })
  @ApiParam(GOAL_ID)
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'ETag of an earlier answer: 304 when unchanged' })
  @ApiOkResponse({ standardSchema: GoalResponse, headers: { ETag: { schema: { type: 'string' } } } })
  @ApiProblems('request.invalid', 'goal.not_found')
  async get(
    @Param('id', new PublicIdPipe('goal')) goalId: string,
    @Query({ schema: GetGoalQuery }) query: GetGoalQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<GoalResponse | undefined> {
    const goal = await this.goals.get(callerOf(request), goalId, query, goneSignal(response));
    return conditional(request, response, goal);
  }
}
