import type { ToolDescriptor } from '@goalkeeper/domain';
import { aDecision, aGoal, anObservation, aPlan, aPlanStep } from '@goalkeeper/testing';
import * as activities from '../activities';
import { GoalRun } from './goal-run';
import { pursueStep } from './pursue-step';

jest.mock('../activities', () => ({ callToolIn: jest.fn(), selectAction: jest.fn(), analyseObservation: jest.fn() }));
jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  CancelledFailure: class CancelledFailure extends Error {},
  sleep: async () => undefined,
  condition: jest.fn(),
}));
const { condition } = jest.requireMock<{ condition: jest.Mock<Promise<boolean>, [() => boolean, string]> }>(
  '@temporalio/workflow',
);
const { callToolIn, selectAction, analyseObservation } = jest.mocked(activities);

const STEP = aPlanStep('fetch');
const ECHO = { name: 'test.echo', effect: 'idempotent', boundMs: 10, timeoutMs: 100 } as ToolDescriptor;
const FAILED = anObservation(STEP.id, { outcome: 'failure' });
const AGAIN = { stepId: STEP.id, next: 'retry', reason: 'may pass', progress: 0, retryAfterMs: 10 } as const;

function aRun(steps = [STEP]): GoalRun {
  const run = new GoalRun(aGoal(), null);
  const done = { completed: [], facts: [], callsMade: 0 };
  run.adopt({
    kind: 'planned',
    plan: aPlan(steps),
    tools: [ECHO],
    decisions: 'local',
    verification: 'remote',
    ...done,
  });
  run.take(STEP);
  return run;
}

describe('a step', () => {
  beforeEach(() => {
    jest.resetAllMocks();
    selectAction.mockResolvedValue(aDecision(STEP.id));
    analyseObservation.mockResolvedValue(AGAIN);
  });

  it('of a goal that was paused meanwhile is not tried again before the goal goes on', async () => {
    const run = aRun();
    callToolIn.mockImplementation(async () => {
      run.paused = true;
      return { observation: FAILED, refused: false };
    });
    await pursueStep(run, STEP);
    expect(callToolIn).toHaveBeenCalledTimes(1);
    expect(run.ready()).toEqual([STEP]);
  });

  it('tells its call what other steps want of the result', async () => {
    const args = { page: { $from: { step: STEP.id, path: 'body.text' } } };
    const run = aRun([STEP, aPlanStep('read', { tools: [{ tool: 'test.echo', args }] })]);
    callToolIn.mockImplementation(async () => {
      run.paused = true;
      return { observation: FAILED, refused: false };
    });
    await pursueStep(run, STEP);
    expect(callToolIn.mock.calls[0]?.[3]).toMatchObject({ needs: ['body.text'] });
  });

  it('that the store refuses waits for the command that stops the goal', async () => {
    const run = aRun();
    callToolIn.mockResolvedValue({ observation: FAILED, refused: true });
    condition.mockImplementation(async (isStopped) => {
      expect(isStopped()).toBe(false);
      run.stopReason = 'changed my mind';
      return isStopped();
    });
    await pursueStep(run, STEP);
    expect(condition).toHaveBeenCalledTimes(1);
    expect(run.stopReason).toBe('changed my mind');
  });

  it('that the store refuses stops the goal when no command ever comes', async () => {
    const run = aRun();
    callToolIn.mockResolvedValue({ observation: FAILED, refused: true });
    condition.mockResolvedValue(false);
    await expect(pursueStep(run, STEP)).rejects.toThrow('before its workflow was told');
    expect(run.stopReason).toContain('before its workflow was told');
  });
});
