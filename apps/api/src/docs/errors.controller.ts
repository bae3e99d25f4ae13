import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { FAILURES, ProblemKindList, ProblemKindView, PROBLEMS } from '@goalkeeper/contracts';
import { Public } from '../auth/principal';
import { ApiProblem } from '../http/api-problem';
import { ApiProblems } from './decorators';

/** Refusals and failures of goals; where a code is both, the refusal tells more. */
const KINDS: ReadonlyMap<string, ProblemKindView> = new Map<string, ProblemKindView>([
  ...Object.entries(FAILURES).map(([code, kind]) => [code, { code, status: null, ...kind }] as const),
  ...Object.entries(PROBLEMS).map(([code, kind]) => [code, { code, ...kind }] as const),
]);

/** Where `type` and `docs` of every problem lead, and the codes of goals that failed. */
@ApiTags('errors')
@Public()
@Controller('errors')
export class ErrorsController {
  @Get()
  @ApiOperation({ summary: 'Every kind of refusal, and of the failures of goals' })
  @ApiOkResponse({ standardSchema: ProblemKindList })
  list(): ProblemKindList {
    return { data: [...KINDS.values()] };
  }

  @Get(':code')
  @ApiOperation({ summary: 'One kind of refusal or failure: what it means and what to do' })
  @ApiOkResponse({ standardSchema: ProblemKindView })
  @ApiProblems('error.not_found')
  get(@Param('code') code: string): ProblemKindView {
    const kind = KINDS.get(code);
    if (!kind) throw new ApiProblem('error.not_found');
    return kind;
  }
}
