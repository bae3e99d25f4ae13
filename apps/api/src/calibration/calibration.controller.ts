import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CalibrationQuery, CalibrationResponse, ErrorKindList, ErrorKindQuery } from '@goalkeeper/contracts';
import { Caller, type Principal } from '../auth/principal';
import { ApiProblems } from '../docs/decorators';
import { CalibrationService } from './calibration.service';

@ApiTags('insight')
@Controller('v1')
export class CalibrationController {
  constructor(private readonly calibration: CalibrationService) {}

  @Get('calibration')
  @ApiOperation({
    summary: 'How good stated confidences were: reliability table, Brier score, skill over the base rate',
  })
  @ApiOkResponse({ standardSchema: CalibrationResponse })
  @ApiProblems('request.invalid')
  report(
    @Caller() caller: Principal,
    @Query({ schema: CalibrationQuery }) query: CalibrationQuery,
  ): Promise<CalibrationResponse> {
    return this.calibration.report(caller.tenantId, query);
  }

  @Post('calibration/fits')
  @HttpCode(200)
  @ApiOperation({ summary: 'Fit the calibration anew from the newest decisions; repeats are harmless' })
  @ApiOkResponse({ standardSchema: CalibrationResponse })
  @ApiProblems()
  fit(@Caller() caller: Principal): Promise<CalibrationResponse> {
    return this.calibration.fit(caller.tenantId);
  }

  @Get('error-kinds')
  @ApiOperation({
    summary: 'Failed calls by kind of error: template, class, what was done about it and how often that helped',
  })
  @ApiOkResponse({ standardSchema: ErrorKindList })
  @ApiProblems('request.invalid')
  errors(
    @Caller() caller: Principal,
    @Query({ schema: ErrorKindQuery }) { limit }: ErrorKindQuery,
  ): Promise<ErrorKindList> {
    return this.calibration.errors(caller.tenantId, limit);
  }
}
