import { type Database, type GoalRecord, GoalRepository, type UnfinishedGoal } from '@goalkeeper/persistence';
import type { Logger, Wakeups } from '@goalkeeper/platform';
import type { EngineService, WorkflowState } from '../engine/engine.service';
import { Reconciler } from './reconciler';

const found = (status: string): WorkflowState => ({
  kind: 'found',
  status,
  runId: 'run',
  historyLength: 1,
  startedAt: new Date(0),
  closedAt: null,
});

/** A reconciler before goals whose workflows answer as told; what it closes is in `ended`. */
function aReconciler(workflows: Record<string, () => WorkflowState>) {
  const goals: UnfinishedGoal[] = Object.keys(workflows).map((goalId) => ({ goalId, tenantId: 't' }));
  const ended: string[] = [];
  const warn = jest.fn();
  const database = {
    system: async () => goals,
    tenant: async (_id: string, work: (tx: unknown) => unknown) => work({}),
  } as unknown as Database;
  const engine = {
    describe: async ({ goalId }: UnfinishedGoal) => workflows[goalId]?.(),
    endingOf: async () => null,
  } as unknown as EngineService;
  const wakeups = { publish: (goalId: string, change: string) => ended.push(`${goalId} ${change}`) };
  const log = { warn, info: jest.fn() } as unknown as Logger;
  return { reconciler: new Reconciler(database, engine, wakeups as unknown as Wakeups, log), ended, warn };
}

describe('the reconciler', () => {
  beforeEach(() => {
    jest.spyOn(GoalRepository.prototype, 'get').mockResolvedValue({ state: 'running' } as GoalRecord);
    jest.spyOn(GoalRepository.prototype, 'transition').mockResolvedValue(7);
  });
  afterEach(() => jest.restoreAllMocks());

  it('closes what the engine gave up, leaves a paused workflow alone, and tells those who wait', async () => {
    const { reconciler, ended } = aReconciler({
      running: () => found('RUNNING'),
      resting: () => found('PAUSED'),
      stopped: () => found('TERMINATED'),
    });
    expect(await reconciler.step(0)).toBe('done');
    expect(ended).toEqual(['stopped ended']);
  });

  it('goes on with the goals behind one that it cannot look at', async () => {
    const { reconciler, ended, warn } = aReconciler({
      broken: () => {
        throw new Error('no one can read this');
      },
      stopped: () => found('TERMINATED'),
    });
    expect(await reconciler.step(0)).toBe('done');
    expect(ended).toEqual(['stopped ended']);
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ goalId: 'broken' }), 'goal.not_reconciled');
  });
});
