import type { Answer, ToolDescriptor } from '@goalkeeper/domain';
import { aDecision, aGoal, anObservation, aPlan, aPlanStep } from '@goalkeeper/testing';
import * as activities from '../activities';
import { GoalRun } from './goal-run';
import { pursueStep } from './pursue-step';

jest.mock('../activities', () => ({
  callToolIn: jest.fn(),
  selectAction: jest.fn(),
  analyseObservation: jest.fn(),
  storeQuestion: jest.fn(),
  expireQuestion: jest.fn(),
  settleEffect: jest.fn(),
}));
jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  CancelledFailure: class CancelledFailure extends Error {},
  sleep: async () => undefined,
  condition: jest.fn(),
}));
const { condition } = jest.requireMock<{ condition: jest.Mock<Promise<boolean>, [() => boolean, number]> }>(
  '@temporalio/workflow',
);
const { callToolIn, selectAction, analyseObservation, storeQuestion, expireQuestion, settleEffect } =
  jest.mocked(activities);

const STEP = aPlanStep('fetch');
const ECHO = { name: 'test.echo', effect: 'once', boundMs: 10, timeoutMs: 100 } as ToolDescriptor;
const DONE = { stepId: STEP.id, next: 'finish', reason: 'done', progress: 1, retryAfterMs: 0 } as const;
const WORKED = anObservation(STEP.id);

function aRun(mayAsk?: boolean): GoalRun {
  const run = new GoalRun({ ...aGoal(), ...(mayAsk === undefined ? {} : { mayAsk }) }, null);
  const done = { completed: [], facts: [], callsMade: 0 };
  run.adopt({
    ...{ kind: 'planned', plan: aPlan([STEP]), tools: [ECHO], decisions: 'local', verification: 'remote', ...done },
  });
  run.take(STEP);
  return run;
}

/** People answer so, before the goal even waits. */
function answers(choice: string): Answer {
  const answer = { choice, value: null, by: 'ann' };
  storeQuestion.mockResolvedValue({ id: 'q', expiresAtMs: Date.now() + 1_000, answer });
  return answer;
}

beforeEach(() => {
  jest.resetAllMocks();
  selectAction.mockResolvedValue({ ...aDecision(STEP.id), confidence: 0.9 });
  analyseObservation.mockResolvedValue(DONE);
  callToolIn.mockResolvedValue({ observation: WORKED, refused: false });
});

describe('a choice that will probably fail', () => {
  beforeEach(() => selectAction.mockResolvedValue({ ...aDecision(STEP.id), confidence: 0.1 }));

  it('is asked about first, and made when a person agrees', async () => {
    answers('go_ahead');
    await pursueStep(aRun(), STEP);
    expect(storeQuestion.mock.calls[0]?.[0].question).toMatchObject({ kind: 'confidence' });
    expect(callToolIn).toHaveBeenCalledTimes(1);
  });

  it('is not made when nobody wants it: the goal ends', async () => {
    answers('give_up');
    const run = aRun();
    await pursueStep(run, STEP);
    expect(callToolIn).not.toHaveBeenCalled();
    expect(run.failure).toMatchObject({ code: 'selection.low_confidence' });
    expect(run.isBlocked()).toBe(true);
  });

  it('is made without asking where nobody may be asked', async () => {
    await pursueStep(aRun(false), STEP);
    expect([storeQuestion.mock.calls.length, callToolIn.mock.calls.length]).toEqual([0, 1]);
  });
});

describe('an effect whose end nobody knows', () => {
  const unknown = anObservation(STEP.id, { outcome: 'uncertain' });
  beforeEach(() => {
    callToolIn.mockResolvedValueOnce({ observation: unknown, refused: false });
    analyseObservation.mockResolvedValueOnce({ ...DONE, next: 'ask', reason: 'not known' });
  });

  it('is done when a person says that it happened', async () => {
    answers('happened');
    settleEffect.mockResolvedValue(WORKED);
    const run = aRun();
    await pursueStep(run, STEP);
    expect(settleEffect.mock.calls[0]?.[0]).toMatchObject({ happened: true, by: 'ann', callNo: 1 });
    expect([callToolIn.mock.calls.length, run.isPlanDone(), run.failure]).toEqual([1, true, null]);
  });

  it('goes out once more when a person says that it did not happen', async () => {
    answers('not_happened');
    settleEffect.mockResolvedValue(null);
    const run = aRun();
    await pursueStep(run, STEP);
    expect([callToolIn.mock.calls.length, run.isPlanDone()]).toEqual([2, true]);
    const [judged] = callToolIn.mock.calls[1]?.[3].analyses ?? [];
    expect(judged).toMatchObject({ callNo: 1, next: 'ask' }); // what was thought of the first call is stored with the second
  });

  it('ends the goal when nobody answers in time, and shows that it waited', async () => {
    storeQuestion.mockResolvedValue({ id: 'q', expiresAtMs: Date.now() + 1_000, answer: null });
    const run = aRun();
    condition.mockImplementation(async () => {
      expect(run.shown()).toBe('waiting_input');
      return false;
    });
    expireQuestion.mockResolvedValue({ choice: 'give_up', value: null, by: 'nobody' });
    await pursueStep(run, STEP);
    expect(run.failure).toMatchObject({ code: 'effect.uncertain' });
    expect(expireQuestion.mock.calls[0]?.[0]).toMatchObject({ questionId: 'q', state: 'running' });
    expect(run.shown()).toBe('running');
  });

  it('ends the goal at once where nobody may be asked', async () => {
    const run = aRun(false);
    await pursueStep(run, STEP);
    expect([storeQuestion.mock.calls.length, run.failure?.code]).toEqual([0, 'effect.uncertain']);
  });
});

describe('a failing action', () => {
  it('is banned for every step once it failed twice in the same state, with the reason', async () => {
    const run = aRun();
    const failed = anObservation(STEP.id, { outcome: 'failure' });
    const alternative = { ...DONE, next: 'alternative' } as const;
    for (let call = 1; call <= 2; call += 1) {
      expect(run.bansOf(STEP).banReasons).toBeUndefined();
      run.beginCall(STEP);
      run.conclude(STEP, failed, alternative);
    }
    const other = aPlanStep('other', { tools: STEP.tools });
    expect(Object.values(run.bansOf(other).banReasons ?? {})).toEqual([
      'test.echo failed 2 times with these arguments in this state',
    ]);
    const again = new GoalRun(run.goal, JSON.parse(JSON.stringify(run.carry())) as ReturnType<GoalRun['carry']>);
    expect(again.bansOf(other)).toEqual(run.bansOf(other)); // through continue-as-new
  });
});
