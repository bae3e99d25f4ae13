import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { DecisionList, EffectList, WorkflowResponse } from '@goalkeeper/contracts';
import { Caller, type Principal } from '../auth/principal';
import { ApiProblems, GOAL_ID } from '../docs/decorators';
import { PublicIdPipe } from '../http/public-id.pipe';
import { InsightService } from './insight.service';

@ApiTags('insight')
@Controller('v1/goals/:id')
export class InsightController {
  constructor(private readonly insight: InsightService) {}

  @Get('workflow')
  @ApiOperation({ summary: 'The workflow behind a goal: a live query, its status, the link into the Web UI' })
  @ApiParam(GOAL_ID)
  @ApiOkResponse({ standardSchema: WorkflowResponse })
  @ApiProblems('goal.not_found')
  workflow(
    @Caller() caller: Principal,
    @Param('id', new PublicIdPipe('goal')) goalId: string,
  ): Promise<WorkflowResponse> {
    return this.insight.workflow(caller, goalId);
  }

  @Get('decisions')
  @ApiOperation({ summary: 'Why each action was chosen: every factor, and the alternatives it beat' })
  @ApiParam(GOAL_ID)
  @ApiOkResponse({ standardSchema: DecisionList })
  @ApiProblems('goal.not_found')
  decisions(@Caller() caller: Principal, @Param('id', new PublicIdPipe('goal')) goalId: string): Promise<DecisionList> {
    return this.insight.decisions(caller, goalId);
  }

  @Get('effects')
  @ApiOperation({ summary: 'The effect ledger of a goal: what its tool calls changed outside' })
  @ApiParam(GOAL_ID)
  @ApiOkResponse({ standardSchema: EffectList })
  @ApiProblems('goal.not_found')
  effects(@Caller() caller: Principal, @Param('id', new PublicIdPipe('goal')) goalId: string): Promise<EffectList> {
    return this.insight.effects(caller, goalId);
  }
}
