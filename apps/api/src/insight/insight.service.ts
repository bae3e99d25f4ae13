import { Inject, Injectable } from '@nestjs/common';
import type { DecisionList, EffectList, WorkflowResponse } from '@goalkeeper/contracts';
import {
  EffectRepository,
  EpisodeRepository,
  GoalRepository,
  StepRepository,
  type Database,
  type EntityManager,
  type GoalRecord,
} from '@goalkeeper/persistence';
import type { ApiConfig } from '@goalkeeper/platform';
import { goalWorkflowId, taskQueueOf, type WorkflowStatus } from '@goalkeeper/workflows/client';
import type { Principal } from '../auth/principal';
import { CONFIG, DATABASE } from '../core/tokens';
import { silenceOf } from '../engine/engine-errors';
import { EngineService, type WorkflowState } from '../engine/engine.service';
import { uiLink } from '../goals/goal.view';
import { ApiProblem } from '../http/api-problem';
import { toDecisionView, toEffectView, toRecalledView } from './insight.view';

/** What lies behind a goal: its workflow, the decisions made for it, its effects on the world. */
@Injectable()
export class InsightService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly engine: EngineService,
    @Inject(CONFIG) private readonly config: ApiConfig,
  ) {}

  async decisions(caller: Principal, goalId: string): Promise<DecisionList> {
    return this.ofGoal(caller, goalId, async (tx, { goal }) => {
      const calls = await new StepRepository(tx).calls(goalId);
      const data = calls.flatMap((call) => (call.decision ? [toDecisionView(call, call.decision)] : []));
      const ids = new Set(data.flatMap(({ recalledEpisodes }) => recalledEpisodes));
      const episodes = await new EpisodeRepository(tx).byIds([...ids]);
      return { data, recalled: episodes.map((episode) => toRecalledView(goal, episode)) };
    });
  }

  async effects(caller: Principal, goalId: string): Promise<EffectList> {
    const effects = await this.ofGoal(caller, goalId, (tx) => new EffectRepository(tx).list(goalId));
    return { data: effects.map(toEffectView) };
  }

  /** Asks the engine and the running workflow itself; either may be silent, the answer says so. */
  async workflow(caller: Principal, goalId: string): Promise<WorkflowResponse> {
    const record = await this.ofGoal(caller, goalId, async (_tx, goal) => goal);
    const name = { tenantId: caller.tenantId, goalId };
    const [state, query] = await Promise.all([this.engine.describe(name), this.ask(name)]);
    return {
      workflowId: goalWorkflowId(name),
      taskQueue: taskQueueOf(record.goal.priority),
      ...engineView(state),
      ...query,
      ui: uiLink(name, this.config),
    };
  }

  private async ask(name: {
    tenantId: string;
    goalId: string;
  }): Promise<{ query: WorkflowResponse['query']; queryError: string | null }> {
    try {
      return { query: statusView(await this.engine.status(name)), queryError: null };
    } catch (error) {
      return { query: null, queryError: silenceOf(error) };
    }
  }

  private async ofGoal<T>(
    caller: Principal,
    goalId: string,
    read: (tx: EntityManager, goal: GoalRecord) => Promise<T>,
  ): Promise<T> {
    return this.database.tenant(caller.tenantId, async (tx) => {
      const goal = await new GoalRepository(tx).get(goalId);
      if (!goal) throw new ApiProblem('goal.not_found');
      return read(tx, goal);
    });
  }
}

type EngineView = Pick<WorkflowResponse, 'runId' | 'status' | 'historyLength' | 'startedAt' | 'closedAt'>;

function engineView(state: WorkflowState): EngineView {
  if (state.kind !== 'found') {
    const status = state.kind === 'not_found' ? 'NOT_STARTED' : 'UNREACHABLE';
    return { runId: null, status, historyLength: null, startedAt: null, closedAt: null };
  }
  return {
    runId: state.runId,
    status: state.status,
    historyLength: state.historyLength,
    startedAt: state.startedAt.toISOString(),
    closedAt: state.closedAt?.toISOString() ?? null,
  };
}

function statusView(status: WorkflowStatus): NonNullable<WorkflowResponse['query']> {
  return { ...status, steps: status.steps.map((step) => ({ ...step })) };
}
