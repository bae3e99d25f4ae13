import { SUB_GOAL } from '@goalkeeper/domain/workflow';
import { aDecision, aGoal, anObservation, aPlan, aPlanStep } from '@goalkeeper/testing';
import * as activities from '../activities';
import { GoalRun } from './goal-run';
import { raiseGoal } from './raise-goal';

jest.mock('../activities', () => ({ beginSubGoal: jest.fn(), endSubGoal: jest.fn(), lookAtGoal: jest.fn() }));
jest.mock('@temporalio/workflow', () => ({
  startChild: jest.fn(),
  sleep: jest.fn(),
  isCancellation: (error: unknown) => error instanceof Error && error.message === 'cancelled',
  getExternalWorkflowHandle: jest.fn(),
  CancellationScope: { nonCancellable: (run: () => unknown) => run() },
}));
jest.mock('../messages', () => ({ holdSignal: 'hold' }));
const { beginSubGoal, endSubGoal, lookAtGoal } = jest.mocked(activities);
const engine =
  jest.requireMock<Record<'startChild' | 'sleep' | 'getExternalWorkflowHandle', jest.Mock>>('@temporalio/workflow');

/** Raises a goal for each of the budgets at the same time. @returns the calls that were left for each, and to the run at the end */
async function raised(asked: readonly (number | null)[], maxSteps: number): Promise<{ lefts: number[]; run: GoalRun }> {
  const steps = asked.map((budget, index) => {
    const args = { task: 'test.work', args: {}, ...(budget === null ? {} : { maxSteps: budget }) };
    return aPlanStep(`child${index}`, { tools: [{ tool: SUB_GOAL.name, args }] });
  });
  const run = new GoalRun(aGoal({ maxSteps }), null);
  const done = { completed: [], facts: [], callsMade: 0 };
  const how = { decisions: 'local', verification: 'remote' } as const;
  run.adopt({ kind: 'planned', plan: aPlan(steps), tools: [SUB_GOAL], ...how, ...done });
  beginSubGoal.mockImplementation(async ({ left, step }) => {
    const own = step.tools[0]?.args['maxSteps'];
    return { kind: 'raised', child: aGoal({ maxSteps: Math.min(typeof own === 'number' ? own : left, left) }) };
  });
  endSubGoal.mockImplementation(async ({ step }) => ({ observation: anObservation(step.id, {}), callsMade: 1 }));
  steps.forEach((step) => run.take(step));
  await Promise.all(steps.map((step) => raiseGoal(run, step, aDecision(step.id))));
  return { lefts: beginSubGoal.mock.calls.map(([{ left }]) => left), run };
}

describe('goals that are raised at the same time', () => {
  beforeEach(() => {
    jest.resetAllMocks();
    engine.startChild.mockResolvedValue({ result: async () => undefined, signal: async () => undefined });
  });

  it('are never given the same calls of the budget twice', async () => {
    const { lefts } = await raised([null, null, null, null], 100);
    expect(lefts).toHaveLength(4);
    expect(lefts.reduce((sum, left) => sum + left)).toBeLessThanOrEqual(100);
    expect(Math.min(...lefts)).toBeGreaterThanOrEqual(20);
  });

  it('get what their steps ask for as far as it goes, and nothing beyond it', async () => {
    const { lefts } = await raised([60, 60, 60], 100);
    expect(lefts).toEqual([60, 39 - 1, 0]);
  });

  it('leave what they did not use', async () => {
    const { run } = await raised([null, null], 100);
    expect(run.callsLeft()).toBe(100 - 2 - 2);
  });

  it('one alone gets all that is left', async () => {
    expect((await raised([null], 100)).lefts).toEqual([99]);
  });
});

it('a goal that another hand started is stopped with the one that raised it', async () => {
  jest.resetAllMocks();
  const cancel = jest.fn(async () => undefined);
  engine.getExternalWorkflowHandle.mockReturnValue({ cancel });
  engine.startChild.mockRejectedValue(new Error('it was started already'));
  engine.sleep.mockRejectedValue(new Error('cancelled'));
  lookAtGoal.mockResolvedValue('running');
  await expect(raised([5], 100)).rejects.toThrow('cancelled');
  expect(engine.getExternalWorkflowHandle).toHaveBeenCalledWith(expect.stringMatching(/^goal:/));
  expect(cancel).toHaveBeenCalledTimes(1);
});
