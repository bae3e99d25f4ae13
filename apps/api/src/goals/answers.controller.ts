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
import { AnswerRequest, GoalResponse, QuestionList, toPublicId } from '@goalkeeper/contracts';
import type { Request, Response } from 'express';
import { Caller, type Principal } from '../auth/principal';
import { ApiProblems, GOAL_ID, IDEMPOTENCY_KEY } from '../docs/decorators';
import { idempotencyOf } from '../http/idempotency';
import { originOf } from '../http/origin';
import { PublicIdPipe } from '../http/public-id.pipe';
import { AnswersService } from './answers.service';
import { goalPath } from './goal.view';

@ApiTags('questions')
@Controller('v1/goals/:id')
export class AnswersController {
  constructor(private readonly answers: AnswersService) {}

  @Post('answers')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Answer what a goal asks',
    description: 'Stored and decided before the reply: the first answer stands. The goal goes on with it.',
  })
  @ApiParam(GOAL_ID)
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ standardSchema: AnswerRequest } as never)
  @ApiAcceptedResponse({
    standardSchema: GoalResponse,
    description: '`Location` is the address of the command that carries the answer to the goal',
    headers: { Location: { schema: { type: 'string' } } },
  })
  @ApiProblems(
    'request.invalid',
    'request.malformed_json',
    'request.unsafe_json',
    'request.unsupported_media_type',
    'goal.not_found',
    'question.not_found',
    'question.decided',
    'question.expired',
    'goal.terminal',
    'idempotency.in_flight',
    'idempotency.reused',
  )
  async answer(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('goal')) goalId: string,
    @Body({ schema: AnswerRequest }) body: AnswerRequest,
    @Req() request: Request,
  ): Promise<GoalResponse> {
    const order = { body, idempotency: idempotencyOf(request, caller, body), origin: originOf(request) };
    const { goal, commandId, replayed } = await this.answers.answer(caller, goalId, order);
    const response = request.res as Response;
    response.set('Location', `${goalPath(goalId)}/commands/${toPublicId('cmd', commandId)}`);
    if (replayed) response.set('Idempotent-Replayed', 'true');
    return goal;
  }

  @Get('questions')
  @ApiOperation({ summary: 'What a goal asks people, and what they said; oldest first' })
  @ApiParam(GOAL_ID)
  @ApiOkResponse({ standardSchema: QuestionList })
  @ApiProblems('goal.not_found')
  questions(@Caller() caller: Principal, @Param('id', new PublicIdPipe('goal')) goalId: string): Promise<QuestionList> {
    return this.answers.ofGoal(caller, goalId);
  }
}
