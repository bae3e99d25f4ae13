import { Inject, Injectable } from '@nestjs/common';
import { whatAGoalTeaches, type Json } from '@goalkeeper/domain';
import {
  toPublicId,
  type ErasureReceipt,
  type ImportResponse,
  type LearningRunResponse,
  type LearningSettingsRequest,
  type LearningSettingsView,
  type SnapshotView,
} from '@goalkeeper/contracts';
import {
  AuditRepository,
  ErasureRepository,
  LearningRepository,
  LessonRepository,
  type Database,
  type EntityManager,
  type ErasureScope,
  type IdempotencyRequest,
} from '@goalkeeper/persistence';
import type { Principal } from '../auth/principal';
import { DATABASE } from '../core/tokens';
import { isUnreachable } from '../engine/engine-errors';
import { EngineService } from '../engine/engine.service';
import { auditEntry } from '../goals/goals.service';
import { ApiProblem } from '../http/api-problem';
import { oncePerKey } from '../http/idempotency';
import type { Origin } from '../http/origin';
import { inTime } from '../http/time-limit.interceptor';
import { importLessons } from './import-lessons';
import type { FileLesson } from './lesson-file';
import { toLastRun, toReceipt, toSettingsView, toSnapshotView } from './learning.view';

/** A request that changes what was learned: who asks, and how a repeat is known. */
export interface Change {
  readonly caller: Principal;
  readonly idempotency: IdempotencyRequest | null;
  readonly origin: Origin;
}

/** How long a client waits for a round of learning before it is told to look later. */
const ROUND_MS = 20_000;

/** What operators do to what was learned. Each is one transaction with its line in the audit log. */
@Injectable()
export class LearningChangesService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly engine: EngineService,
  ) {}

  configure(change: Change, request: LearningSettingsRequest): Promise<LearningSettingsView> {
    return this.once(change, { action: 'learning.configure', target: 'learning' }, async (tx) => {
      const learning = new LearningRepository(tx);
      await learning.lock();
      await learning.configure(request);
      return toSettingsView(await learning.state());
    });
  }

  /** Runs a round now, through the engine: two that are asked for at once are one. */
  async run({ caller }: Change): Promise<LearningRunResponse> {
    try {
      const isDone = await this.engine.learnNow(caller.tenantId, ROUND_MS);
      const state = await inTime(this.database.tenant(caller.tenantId, (tx) => new LearningRepository(tx).state()));
      return { state: isDone ? 'completed' : 'running', lastRun: toLastRun(state) };
    } catch (error) {
      if (isUnreachable(error)) throw new ApiProblem('engine.unavailable', { headers: { 'Retry-After': '5' } });
      throw error;
    }
  }

  rollBack(change: Change, snapshotId: string): Promise<SnapshotView> {
    const target = toPublicId('snap', snapshotId);
    return this.once(change, { action: 'learning.roll_back', target }, async (tx) => {
      const made = await new LessonRepository(tx).rollBack(snapshotId, Date.now());
      if (!made) throw new ApiProblem('snapshot.not_found');
      return toSnapshotView(made);
    });
  }

  import(change: Change, lessons: readonly FileLesson[]): Promise<ImportResponse> {
    return this.once(change, { action: 'learning.import', target: 'learning' }, (tx) => importLessons(tx, lessons));
  }

  /** Takes what a goal and those that it raised taught out of memory; what is left teaches anew in the next round. */
  erase(change: Change, goalId: string, scope: ErasureScope): Promise<ErasureReceipt> {
    const target = toPublicId('goal', goalId);
    const action = scope === 'goal' ? 'goal.erase' : 'learning.erase';
    return this.once(change, { action, target }, async (tx) => {
      const learning = new LearningRepository(tx);
      await learning.lock();
      const erasures = new ErasureRepository(tx);
      const { ids, isRemembered, isFinished } = await erasures.family(goalId);
      if (scope === 'memory' && !isRemembered) throw new ApiProblem('episode.not_found');
      if (scope === 'goal' && isFinished === null) throw new ApiProblem('goal.not_found');
      if (scope === 'goal' && !isFinished) throw new ApiProblem('goal.unfinished');
      for (const id of ids) await subtract(tx, id);
      const receipt = await erasures.erase(ids, scope);
      if (receipt.lessons + receipt.snapshots > 0) await learning.takeSnapshot('a goal was erased');
      return toReceipt(receipt);
    });
  }

  private async once<Body extends Json>(
    { caller, idempotency, origin }: Change,
    { action, target }: { readonly action: string; readonly target: string },
    work: (tx: EntityManager) => Promise<Body>,
  ): Promise<Body> {
    return this.database.tenant(caller.tenantId, async (tx) => {
      const { body } = await oncePerKey(tx, idempotency, async () => {
        const done = await work(tx);
        await new AuditRepository(tx).add(auditEntry(caller, action, target, origin));
        return { status: 200, body: done };
      });
      return body;
    });
  }
}

/** Takes what a goal added to the running records of tools and methods out of them. */
async function subtract(tx: EntityManager, goalId: string): Promise<void> {
  const goal = await new LearningRepository(tx).finished(goalId);
  if (!goal?.plan) return;
  const { plan, verified, atMs, calls } = goal;
  const observations = calls.map(({ observation }) => observation);
  await new ErasureRepository(tx).subtract(whatAGoalTeaches({ plan, observations, verified }), atMs);
}
