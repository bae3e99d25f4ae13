import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CalibrationQuery, CalibrationResponse } from '@goalkeeper/contracts';
import { Caller, type Principal } from '../auth/principal';
import { ApiProblems } from '../docs/decorators';
import { CalibrationService } from './calibration.service';

@ApiTags('insight')
@Controller('v1/calibration')
export class CalibrationController {
  constructor(private readonly calibration: CalibrationService) {}

  @Get()
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

  @Post('fits')
  @HttpCode(200)
  @ApiOperation({ summary: 'Fit the calibration anew from the newest decisions; repeats are harmless' })
  @ApiOkResponse({ standardSchema: CalibrationResponse })
  @ApiProblems()
  fit(@Caller() caller: Principal): Promise<CalibrationResponse> {
    return this.calibration.fit(caller.tenantId);
  }
}
