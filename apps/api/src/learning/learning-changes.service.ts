import { Inject, Injectable } from '@nestjs/common';
import {
  CAPACITY,
  findSecrets,
  problemsOfBody,
  whatAGoalTeaches,
  type Json,
  type LessonRecord,
} from '@goalkeeper/domain';
import {
  toPublicId,
  type ErasureReceipt,
  type ImportResponse,
  type LearningRunResponse,
  type LearningSettingsRequest,
  type LearningSettingsView,
  type LessonExport,
  type SnapshotView,
} from '@goalkeeper/contracts';
import {
  AuditRepository,
  LearningRepository,
  LessonRepository,
  newId,
  type Database,
  type EntityManager,
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
import { digestOf } from './lesson-digest';
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

  import(change: Change, given: LessonExport): Promise<ImportResponse> {
    return this.once(change, { action: 'learning.import', target: 'learning' }, (tx) => importLessons(tx, given));
  }

  /** Takes what a goal taught out of memory; what is left teaches anew in the next round. */
  erase(change: Change, goalId: string): Promise<ErasureReceipt> {
    const target = toPublicId('goal', goalId);
    return this.once(change, { action: 'learning.erase', target }, async (tx) => {
      const learning = new LearningRepository(tx);
      await learning.lock();
      const goal = await learning.finished(goalId);
      if (!goal) throw new ApiProblem('episode.not_found');
      const lessons = new LessonRepository(tx);
      const { plan, verified, atMs } = goal;
      if (plan) {
        const observations = goal.calls.map(({ observation }) => observation);
        await lessons.subtract(whatAGoalTeaches({ plan, observations, verified }), atMs);
      }
      const receipt = await lessons.erase(goalId);
      if (receipt.lessons > 0) await learning.takeSnapshot('a goal was erased');
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

/** Takes lessons over as candidates: of their kind's shape, unchanged on the way, without secrets, and not known yet. */
async function importLessons(tx: EntityManager, { lessons }: LessonExport): Promise<ImportResponse> {
  const learning = new LearningRepository(tx);
  await learning.lock();
  const records = await learning.records();
  const known = new Set(records.map(({ kind, key }) => `${kind}\n${key}`));
  const places = { ...CAPACITY };
  for (const { kind, origin, status } of records)
    if (origin === 'imported' && status === 'candidate') places[kind] -= 1;
  const refused: ImportResponse['refused'] = [];
  const taken: LessonRecord[] = [];
  let before = 0;
  lessons.forEach((lesson, index) => {
    const fault = faultOf(lesson);
    if (fault) return void refused.push({ index, ...fault });
    const name = `${lesson.kind}\n${lesson.key}`;
    if (known.has(name)) return void (before += 1);
    if (places[lesson.kind] <= 0) {
      const reason = `${CAPACITY[lesson.kind]} lessons of its kind wait to be borne out already`;
      return void refused.push({ index, gate: 'capacity', reason });
    }
    places[lesson.kind] -= 1;
    known.add(name);
    taken.push(candidateOf(lesson));
  });
  await learning.save(taken);
  return { imported: taken.length, known: before, refused };
}

function faultOf(lesson: LessonExport['lessons'][number]): { gate: string; reason: string } | null {
  if (digestOf(lesson) !== lesson.digest) return { gate: 'digest', reason: 'it is not what was exported' };
  const wrong = problemsOfBody(lesson.kind, lesson.body);
  if (wrong.length > 0) return { gate: 'schema', reason: `not of its kind's shape: ${wrong.join(', ')}` };
  const secrets = findSecrets({ key: lesson.key, body: lesson.body });
  return secrets.length > 0
    ? { gate: 'secret', reason: `it holds what looks like a secret (${secrets.join(', ')})` }
    : null;
}

function candidateOf({ kind, key, body, tasks, versions }: LessonExport['lessons'][number]): LessonRecord {
  const change = { atMs: Date.now(), status: 'candidate' as const, reason: 'imported' };
  return {
    ...{ id: newId(), kind, key, body, tasks, versions, sources: [], status: 'candidate', origin: 'imported' },
    statistics: { sources: 0, support: 0, against: 0, trial: null },
    history: [change],
  } as unknown as LessonRecord;
}
