import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EpisodePage, SearchEpisodesQuery } from '@goalkeeper/contracts';
import { Caller, type Principal } from '../auth/principal';
import { ApiProblems } from '../docs/decorators';
import { LearningService } from './learning.service';

@ApiTags('memory')
@Controller('v1/episodes')
export class EpisodesController {
  constructor(private readonly learning: LearningService) {}

  @Get()
  @ApiOperation({ summary: 'Search finished goals by words, task and outcome; says why each matched' })
  @ApiOkResponse({ standardSchema: EpisodePage })
  @ApiProblems('request.invalid', 'request.invalid_cursor')
  search(
    @Caller() caller: Principal,
    @Query({ schema: SearchEpisodesQuery }) query: SearchEpisodesQuery,
  ): Promise<EpisodePage> {
    return this.learning.episodes(caller, query);
  }
}
