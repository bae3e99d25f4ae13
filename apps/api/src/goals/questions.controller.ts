import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListQuestionsQuery, QuestionList } from '@goalkeeper/contracts';
import { Caller, type Principal } from '../auth/principal';
import { ApiProblems } from '../docs/decorators';
import { AnswersService } from './answers.service';

@ApiTags('questions')
@Controller('v1/questions')
export class QuestionsController {
  constructor(private readonly answers: AnswersService) {}

  @Get()
  @ApiOperation({ summary: 'Open questions of all goals, those that expire first in front' })
  @ApiOkResponse({ standardSchema: QuestionList })
  @ApiProblems('request.invalid')
  list(
    @Caller() caller: Principal,
    @Query({ schema: ListQuestionsQuery }) { limit }: ListQuestionsQuery,
  ): Promise<QuestionList> {
    return this.answers.open(caller, limit);
  }
}
