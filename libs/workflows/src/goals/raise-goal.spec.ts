import { aDecision, aGoal, anObservation, aPlan, aPlanStep } from '@goalkeeper/testing';
import * as activities from '../activities';
import { GoalRun } from './goal-run';
import { raiseGoal } from './raise-goal';

jest.mock('../activities', () => ({ beginSubGoal: jest.fn(), endSubGoal: jest.fn(), lookAtGoal: jest.fn() }));
jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  startChild: jest.fn(),
  sleep: jest.fn(),
}));
const { startChild, sleep } = jest.requireMock<{
  startChild: jest.Mock<Promise<unknown>, []>;
  sleep: jest.Mock<Promise<void>, [number]>;
}>('@temporalio/workflow');
const { beginSubGoal, endSubGoal, lookAtGoal } = jest.mocked(activities);

const STEP = aPlanStep('sub');
const DONE = { observation: anObservation(STEP.id), callsMade: 2 };

function aRun(): GoalRun {
  const run = new GoalRun(aGoal(), null);
  const done = { completed: [], facts: [], callsMade: 0 };
  run.adopt({
    ...{ kind: 'planned', plan: aPlan([STEP]), tools: [], decisions: 'local', verification: 'remote', ...done },
  });
  run.take(STEP);
  return run;
}

describe('a goal that another one raises', () => {
  const signal = jest.fn(async () => undefined);
  beforeEach(() => {
    jest.resetAllMocks();
    signal.mockResolvedValue(undefined);
    startChild.mockResolvedValue({ signal, result: async () => undefined });
    beginSubGoal.mockResolvedValue({ kind: 'raised', child: aGoal({ id: 'child', maxSteps: 3 }) });
    endSubGoal.mockResolvedValue(DONE);
  });

  it('rests from the start when the other was paused before it could hear', async () => {
    const run = aRun();
    beginSubGoal.mockImplementation(async () => {
      run.paused = true;
      return { kind: 'raised', child: aGoal({ id: 'child' }) };
    });
    await raiseGoal(run, STEP, aDecision(STEP.id));
    expect(signal).toHaveBeenCalledWith(expect.objectContaining({ name: 'hold' }), true);
    signal.mockClear();
    await raiseGoal(aRun(), STEP, aDecision(STEP.id));
    expect(signal).not.toHaveBeenCalled();
  });

  it('is looked at ever more rarely where another run started it: a child of weeks costs hundreds of looks', async () => {
    const DAY_MS = 86_400_000;
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    startChild.mockRejectedValue(new Error('it runs already'));
    sleep.mockImplementation(async (ms) => void (now += ms));
    lookAtGoal.mockImplementation(async () => (now < 30 * DAY_MS ? 'running' : 'succeeded'));
    const run = aRun();
    expect(await raiseGoal(run, STEP, aDecision(STEP.id))).toEqual({ observation: DONE.observation, refused: false });
    expect(run.progress.callsMade).toBe(1 + DONE.callsMade);
    expect(sleep.mock.calls[0]).toEqual([500]);
    expect(lookAtGoal.mock.calls.length).toBeLessThan(1_000);
    for (const [ms] of sleep.mock.calls) expect(ms).toBeLessThanOrEqual(3_600_000);
    jest.restoreAllMocks();
  });
});
