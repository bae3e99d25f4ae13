import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HealthResponse, VersionResponse } from '@goalkeeper/contracts';
import type { Database } from '@goalkeeper/persistence';
import type { Wakeups } from '@goalkeeper/platform';
import type { Response } from 'express';
import { Public } from '../auth/principal';
import { Shutdown } from '../core/shutdown';
import { DATABASE, WAKEUPS } from '../core/tokens';
import { EngineService } from '../engine/engine.service';
import { readVersion } from './version';

const PATIENCE_MS = 2_000;

@ApiTags('health')
@Public()
@Controller()
export class HealthController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly engine: EngineService,
    private readonly shutdown: Shutdown,
    @Inject(WAKEUPS) private readonly wakeups: Wakeups,
  ) {}

  @Get('livez')
  @ApiOperation({ summary: 'The process answers' })
  @ApiOkResponse({ standardSchema: HealthResponse })
  live(): HealthResponse {
    return { status: 'ok', checks: {} };
  }

  @Get('startupz')
  @ApiOperation({ summary: 'The process has started: tables are up to date, routes are open' })
  @ApiOkResponse({ standardSchema: HealthResponse })
  started(): HealthResponse {
    return { status: 'ok', checks: {} };
  }

  /** Without the engine goals are taken and wait; without the database nothing can be taken. */
  @Get('readyz')
  @ApiOperation({ summary: 'Requests can be served; `degraded` when goals are accepted but have to wait' })
  @ApiOkResponse({ standardSchema: HealthResponse })
  @ApiResponse({ status: 503, standardSchema: HealthResponse, description: 'The database is away, or we are stopping' })
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthResponse> {
    const [database, engine] = await Promise.all([
      within(this.database.isHealthy(), PATIENCE_MS),
      within(this.engine.isUp(), PATIENCE_MS),
    ]);
    const isServing = database && !this.shutdown.signal.aborted;
    if (!isServing) response.status(503);
    return {
      status: isServing ? (engine ? 'ok' : 'degraded') : 'unavailable',
      checks: {
        database: database ? 'up' : 'down',
        engine: engine ? 'up' : 'down',
        redis: this.wakeups.kind === 'redis' ? 'up' : 'off',
      },
    };
  }

  @Get('version')
  @ApiOperation({ summary: 'What runs here' })
  @ApiOkResponse({ standardSchema: VersionResponse })
  version(): VersionResponse {
    return { name: 'goalkeeper', version: readVersion(), api: 'v1', node: process.version };
  }
}

/** False when the answer takes too long. */
async function within(answer: Promise<boolean>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
