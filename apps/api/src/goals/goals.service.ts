import { Inject, Injectable } from '@nestjs/common';
import type { Goal } from '@goalkeeper/domain';
import {
  includesOf,
  type CreateGoalRequest,
  type GetGoalQuery,
  type GoalInclude,
  type GoalPage,
  type GoalResponse,
  type ListGoalsQuery,
} from '@goalkeeper/contracts';
import {
  GoalRepository,
  GoalStore,
  isPlain,
  PlanRepository,
  StepRepository,
  VerificationRepository,
  type Acceptance,
  type Database,
  type EntityManager,
  type GoalRecord,
  type IdempotencyRequest,
} from '@goalkeeper/persistence';
import type { ApiConfig } from '@goalkeeper/platform';
import type { Principal } from '../auth/principal';
import { CONFIG, DATABASE } from '../core/tokens';
import { DeliveryService, HOLD_MS } from '../engine/delivery.service';
import { ApiProblem } from '../http/api-problem';
import { oncePerKey } from '../http/idempotency';
import type { Origin } from '../http/origin';
import { GoalWaiter } from './goal-waiter';
import { toGoalResponse, type GoalExtras } from './goal.view';
import { asAccepted, checkDependencies, newGoal } from './new-goal';

export interface CreateRequest {
  readonly body: CreateGoalRequest;
  readonly idempotency: IdempotencyRequest | null;
  readonly origin: Origin;
}

@Injectable()
export class GoalsService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly delivery: DeliveryService,
    private readonly waiter: GoalWaiter,
    @Inject(CONFIG) private readonly config: ApiConfig,
  ) {}

  /** Stores the goal, its start, the key and the audit row in one transaction; then starts it without waiting. */
  async create(caller: Principal, request: CreateRequest): Promise<{ body: GoalResponse; replayed: boolean }> {
    const at = new Date();
    const goal = newGoal(request.body, caller.tenantId, at.getTime());
    const { objective, task, priority } = goal;
    const data = { objective, task: task && { ...task }, priority };
    const events = [{ type: 'goal.created', actor: caller.name, data }];
    const body = toGoalResponse(asAccepted(goal, at, 1), this.config);
    const audit = auditEntry(caller, 'goal.create', body.id, request.origin);
    const acceptance: Acceptance = { events, at, holdMs: HOLD_MS, audit };
    const reply = await this.accept(goal, acceptance, { idempotency: request.idempotency, body });
    if (!reply.replayed) this.delivery.startSoon(goal, goal.id);
    return reply;
  }

  /** One statement where nothing has to be looked at before; else one transaction. */
  private async accept(
    goal: Goal,
    acceptance: Acceptance,
    { idempotency, body }: { readonly idempotency: IdempotencyRequest | null; readonly body: GoalResponse },
  ): Promise<{ body: GoalResponse; replayed: boolean }> {
    if (idempotency === null && goal.dependsOn.length === 0 && isPlain(goal)) {
      await new GoalStore(this.database).accept(goal, acceptance);
      return { body, replayed: false };
    }
    return this.database.tenant(goal.tenantId, (tx) =>
      oncePerKey(tx, idempotency, async () => {
        await checkDependencies(tx, goal);
        await new GoalRepository(tx).accept(goal, acceptance.events, acceptance);
        return { status: 202, body };
      }),
    );
  }

  /** @param query `isNew`: the goal was stored a moment ago, so that it is not worth a look before something is heard of it */
  async get(
    caller: Principal,
    goalId: string,
    query: GetGoalQuery & { readonly isNew?: boolean },
    signal: AbortSignal,
  ): Promise<GoalResponse> {
    const waited = query.wait > 0 ? await this.waitForEnd(caller, goalId, query, signal) : null;
    if (includesOf(query).size === 0) {
      const record = waited ?? (await new GoalStore(this.database).get(caller.tenantId, goalId));
      if (!record) throw new ApiProblem('goal.not_found');
      return toGoalResponse(record, this.config);
    }
    return this.database.tenant(caller.tenantId, async (tx) => {
      const record = await new GoalRepository(tx).get(goalId);
      if (!record) throw new ApiProblem('goal.not_found');
      return toGoalResponse(record, this.config, await readExtras(tx, record, includesOf(query)));
    });
  }

  /** Holds until the goal has ended, the time is over, or the signal fires; then answers how it stands. */
  private waitForEnd(
    caller: Principal,
    goalId: string,
    { wait, isNew = false }: { readonly wait: number; readonly isNew?: boolean },
    signal: AbortSignal,
  ): Promise<GoalRecord> {
    return this.waiter.wait(caller.tenantId, goalId, { limitMs: wait * 1_000, signal, isNew });
  }

  async list(caller: Principal, query: ListGoalsQuery): Promise<GoalPage> {
    const { limit, cursor, state } = query;
    const page = await this.database.tenant(caller.tenantId, (tx) =>
      new GoalRepository(tx).list({ limit, ...(cursor ? { cursor } : {}), ...(state ? { state } : {}) }),
    );
    return {
      data: page.goals.map((record) => toGoalResponse(record, this.config)),
      page: { next: page.next, hasMore: page.next !== null },
    };
  }
}

/** The line that the audit log keeps of a request that changed something. */
export function auditEntry(caller: Principal, action: string, target: string, origin: Origin) {
  return { actor: `token:${caller.tokenId}`, action, target, outcome: 'allowed' as const, ...origin };
}

async function readExtras(
  tx: EntityManager,
  record: GoalRecord,
  include: ReadonlySet<GoalInclude>,
): Promise<GoalExtras> {
  const { id } = record.goal;
  return {
    ...(include.has('plan') ? { plan: (await new PlanRepository(tx).latest(id))?.plan ?? null } : {}),
    ...(include.has('steps') ? { steps: await new StepRepository(tx).list(id) } : {}),
    ...(include.has('evidence') ? { evidence: (await new VerificationRepository(tx).latest(id))?.evidence ?? [] } : {}),
  };
}
