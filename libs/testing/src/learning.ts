import { randomUUID } from 'node:crypto';
import type { Observation } from '@goalkeeper/domain';
import { anObservation, aPlanStep } from './builders';
import { aLesson } from './calls';
import type { StoredGoal, TestStore } from './store';

export interface TaughtGoal {
  readonly tenantId?: string;
  readonly objective?: string;
  /** Calls of its one step, in order; each is judged with `continue` when it worked, else with `alternative`. */
  readonly calls?: readonly Partial<Observation>[];
  readonly verified?: boolean;
  readonly arm?: 'on' | 'off';
  /** True: stated in words alone, so that its words teach what they mean. */
  readonly inWords?: boolean;
}

/** A goal of `data.report` that recalled, made these calls of a step that `test.a` and `test.b` can do, and ended. */
export async function aTaughtGoal(store: TestStore, told: TaughtGoal = {}): Promise<StoredGoal> {
  const { ClosingRepository, MemoryRepository } = await import('@goalkeeper/persistence');
  const { objective = 'analyse weather.csv', verified = true, calls = [{ tool: 'test.a' }], arm } = told;
  const step = aPlanStep('work', { tools: ['test.a', 'test.b'].map((tool) => ({ tool, args: {} })) });
  const ref = await store.planned([step], {
    ...{ objective, ...(told.tenantId ? { tenantId: told.tenantId } : {}) },
    ...(told.inWords ? { task: null } : {}),
  });
  const query = { words: objective, task: 'data.report', limit: 5, ...(arm ? { arm } : {}) };
  await new MemoryRepository(store.database).recall(ref, query);
  for (const [index, call] of calls.entries()) {
    const body = anObservation(step.id, call);
    const next = body.outcome === 'success' ? 'continue' : 'alternative';
    await store.server.query(
      `INSERT INTO observation (tenant_id, goal_id, step_id, call_no, month, outcome, body, analysis)
       SELECT tenant_id, id, $2, $3, month, $4, $5, $6 FROM goal WHERE id = $1`,
      [ref.goalId, step.id, index + 1, body.outcome, JSON.stringify(body), JSON.stringify({ stepId: step.id, next })],
    );
    await store.server.query('UPDATE goal SET calls_made = calls_made + 1 WHERE id = $1', [ref.goalId]);
  }
  const outcome = verified ? ('verified' as const) : ('failed' as const);
  const episode = { id: randomUUID(), objective, task: { name: 'data.report', args: {} }, outcome, methods: {} };
  const lesson = aLesson({ episode, tools: [{ tool: 'test.a', successes: 1, failures: 0, durationMs: 5 }] });
  const to = verified ? 'succeeded' : 'failed';
  await new ClosingRepository(store.database, ref).close({ to, reason: '', failure: null, verified, lesson });
  return ref;
}

/** A lesson with a source, a snapshot of it, a trial and a receipt; and the goal's pin. */
export async function addLearningRows(store: TestStore, goalId: string): Promise<void> {
  const { LearningRepository, MemoryRepository, newId, rows } = await import('@goalkeeper/persistence');
  const body = { tool: 't', context: '', successes: 1, failures: 0, meanLogMs: 0, varLogMs: 0, meanCostUsd: 0 };
  const statistics = { sources: 1, support: 0, against: 0, trial: null };
  const told = {
    key: 't',
    tasks: [],
    sources: [goalId],
    versions: {},
    origin: 'learned',
    statistics,
    history: [],
  } as const;
  await store.inTenant(async (tx) => {
    const learning = new LearningRepository(tx);
    await learning.lock();
    await learning.save([{ id: newId(), kind: 'tool_reliability', status: 'trial', body, ...told }]);
    await learning.takeSnapshot('secret');
    await rows(tx, `INSERT INTO trial_assignment SELECT tenant_id, $1, id, true FROM lesson`, [goalId]);
    await rows(
      tx,
      `INSERT INTO erasure_receipt (id, tenant_id, goal_id, episodes, lessons, snapshots)
       SELECT gen_random_uuid(), tenant_id, $1, 1, 1, 1 FROM lesson`,
      [goalId],
    );
  });
  const query = { words: 'secret', task: 'data.report', limit: 5, arm: 'on' as const };
  await new MemoryRepository(store.database).recall({ tenantId: store.tenantId, goalId }, query); // pins
}
