import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemKindList, ProblemKindView, PROBLEMS, type ProblemCode } from '@goalkeeper/contracts';
import { Public } from '../auth/principal';
import { ApiProblem } from '../http/api-problem';
import { ApiProblems } from './decorators';

/** Where `type` and `docs` of every problem lead. */
@ApiTags('errors')
@Public()
@Controller('errors')
export class ErrorsController {
  @Get()
  @ApiOperation({ summary: 'Every kind of refusal' })
  @ApiOkResponse({ standardSchema: ProblemKindList })
  list(): ProblemKindList {
    return { data: (Object.keys(PROBLEMS) as ProblemCode[]).map(view) };
  }

  @Get(':code')
  @ApiOperation({ summary: 'One kind of refusal: what it means and what to do' })
  @ApiOkResponse({ standardSchema: ProblemKindView })
  @ApiProblems('error.not_found')
  get(@Param('code') code: string): ProblemKindView {
    if (!Object.hasOwn(PROBLEMS, code)) throw new ApiProblem('error.not_found');
    return view(code as ProblemCode);
  }
}

function view(code: ProblemCode): ProblemKindView {
  const { status, title, hint, retryable } = PROBLEMS[code];
  return { code, status, title, hint, retryable };
}
