import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EventsQuery, type EventPage } from '@goalkeeper/contracts';
import { isTerminal } from '@goalkeeper/domain';
import { EventRepository, GoalRepository, type Database } from '@goalkeeper/persistence';
import type { Logger } from '@goalkeeper/platform';
import type { Request, Response } from 'express';
import { callerOf, type Principal } from '../auth/principal';
import { Shutdown } from '../core/shutdown';
import { DATABASE, LOG } from '../core/tokens';
import { ApiProblems, GOAL_ID } from '../docs/decorators';
import { GoalWatcher } from '../goals/goal-watcher';
import { ApiProblem } from '../http/api-problem';
import { PublicIdPipe } from '../http/public-id.pipe';
import { Unlimited } from '../http/time-limit.interceptor';
import { EventStream, openStream, STREAM_TIMING } from './event-stream';
import { toEventView } from './event.view';

@ApiTags('events')
@Controller('v1/goals/:id/events')
export class EventsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly watcher: GoalWatcher,
    private readonly shutdown: Shutdown,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @Get()
  @Unlimited()
  @ApiOperation({
    summary: "A goal's events: a page, or live",
    description:
      'With `Accept: text/event-stream` a stream that resumes after `Last-Event-ID`, without gap or repeat, and ends ' +
      'by itself after the last event of the goal; 204 when there is nothing left to send. Otherwise a JSON page.',
  })
  @ApiParam(GOAL_ID)
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'seq of the last event that arrived' })
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: '#/components/schemas/EventPage' } },
      'text/event-stream': {
        schema: { type: 'string', description: 'Frames with id = seq, event = type, data = a GoalEvent as JSON' },
      },
    },
  })
  @ApiNoContentResponse({ description: 'Nothing is left to send: the goal has ended (streams only)' })
  @ApiProblems('request.invalid', 'goal.not_found')
  async events(
    @Param('id', new PublicIdPipe('goal')) goalId: string,
    @Query({ schema: EventsQuery }) query: EventsQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const caller = callerOf(request);
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream')
      return this.stream({ tenantId: caller.tenantId, goalId, after: lastEventId(request) ?? query.after }, response);
    response.json(await this.page(caller, goalId, query));
  }

  private async page(caller: Principal, goalId: string, { after, limit }: EventsQuery): Promise<EventPage> {
    return this.database.tenant(caller.tenantId, async (tx) => {
      if (!(await new GoalRepository(tx).get(goalId))) throw new ApiProblem('goal.not_found');
      const found = await new EventRepository(tx).page(goalId, after, limit + 1);
      const data = found.slice(0, limit).map(toEventView);
      const hasMore = found.length > limit;
      return { data, page: { next: hasMore ? (data.at(-1)?.seq ?? null) : null, hasMore } };
    });
  }

  private async stream(
    request: { tenantId: string; goalId: string; after: number },
    response: Response,
  ): Promise<void> {
    const goal = await this.database.tenant(request.tenantId, (tx) => new GoalRepository(tx).get(request.goalId));
    if (!goal) throw new ApiProblem('goal.not_found');
    if (isTerminal(goal.state) && request.after >= goal.eventSeq) {
      response.status(204).end();
      return;
    }
    openStream(response);
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    const parts = {
      database: this.database,
      watcher: this.watcher,
      log: this.log,
      shutdown: this.shutdown.signal,
      timing: STREAM_TIMING,
    };
    await new EventStream(parts, request, response).run();
  }
}

/** The id of the last event that a resuming client has. */
function lastEventId(request: Request): number | null {
  const text = request.get('last-event-id');
  if (text === undefined || text === '') return null;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiProblem('request.invalid', {
    detail: 'Last-Event-ID must be the id of an event of this stream',
    errors: [{ pointer: '/Last-Event-ID', message: 'must be a whole number' }],
  });
}
