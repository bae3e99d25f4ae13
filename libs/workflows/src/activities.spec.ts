import { aPlan, aPlanStep } from '@goalkeeper/testing';
import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { analyseObservation, callToolIn, planGoal, selectAction, verifyGoal } from './activities';
import type { PlanGoalInput, VerifyGoalInput } from './ports';

const mockCalls: { where: string; name: string; input: unknown; attempts: unknown }[] = [];
const mockSummaries: string[] = [];
let mockEnds: (() => Promise<unknown>)[] = [];

jest.mock('@temporalio/workflow', () => {
  const proxies = (where: string) => () =>
    new Proxy(
      {},
      {
        get: (_target, name: string) => ({
          executeWithOptions: (
            options: { summary: string; retry?: { maximumAttempts?: number } },
            [input]: [unknown],
          ) => {
            mockSummaries.push(options.summary);
            mockCalls.push({ where, name, input, attempts: options.retry?.maximumAttempts ?? null });
            return mockEnds.shift()?.();
          },
        }),
      },
    );
  return {
    ...jest.requireActual<object>('@temporalio/workflow'),
    proxyActivities: proxies('remote'),
    proxyLocalActivities: proxies('local'),
  };
});

const plan = aPlan([aPlanStep('work')]);
const verifying: VerifyGoalInput = { ref: { tenantId: 't', goalId: 'g' }, plan, analyses: [] };
const planning = { revision: 1, effort: 'quick' } as PlanGoalInput;
const failing = (cause: Error) => () =>
  Promise.reject(new ActivityFailure('Activity failed', 'a', '1', 'TIMEOUT', undefined, cause));
const late = failing(new TimeoutFailure('too late', undefined, 'START_TO_CLOSE'));
const answer = { holds: true };

describe('what is taken for short', () => {
  beforeEach(() => {
    mockCalls.splice(0);
  });

  it('is tried once in the workflow task, and nowhere else where that works', async () => {
    mockEnds = [async () => answer];
    expect(await verifyGoal('local', 's', verifying)).toBe(answer);
    expect(mockCalls).toEqual([{ where: 'local', name: 'verifyGoal', input: verifying, attempts: 1 }]);
  });

  it.each([
    ['took too long', late],
    ['met broken infrastructure', failing(ApplicationFailure.retryable('away'))],
    [
      'met broken infrastructure, told as a local activity tells it',
      () => Promise.reject(ApplicationFailure.retryable('away')),
    ],
  ])('is made remote when it %s', async (_what, end) => {
    mockEnds = [end, async () => answer];
    expect(await verifyGoal('local', 's', verifying)).toBe(answer);
    expect(mockCalls.map(({ where, name, attempts }) => [where, name, attempts])).toEqual([
      ['local', 'verifyGoal', 1],
      ['remote', 'verifyGoal', null],
    ]);
  });

  it('may search as long as it takes once it is remote', async () => {
    mockEnds = [late, async () => answer];
    expect(await planGoal('s', planning)).toBe(answer);
    expect(mockCalls.map(({ where, input }) => [where, input])).toEqual([
      ['local', planning],
      ['remote', { ...planning, effort: 'full' }],
    ]);
  });

  it.each([
    ['is cancelled', failing(new CancelledFailure('stop'))],
    ['shows a defect', failing(ApplicationFailure.nonRetryable('wrong', 'defect'))],
    [
      'shows a defect as a local activity does',
      () => Promise.reject(ApplicationFailure.nonRetryable('wrong', 'defect')),
    ],
    ['breaks the workflow', () => Promise.reject(new Error('nondeterminism'))],
  ])('is not made again when it %s', async (_what, end) => {
    mockEnds = [end];
    await expect(verifyGoal('local', 's', verifying)).rejects.toBeInstanceOf(Error);
    expect(mockCalls).toHaveLength(1);
  });
});

it('no activity gets a summary that the engine refuses', () => {
  mockEnds = [];
  mockSummaries.splice(0);
  const long = '天气'.repeat(500);
  for (const effort of ['quick', 'full'] as const) void planGoal(long, { ...planning, effort });
  for (const where of ['local', 'remote'] as const) {
    void verifyGoal(where, long, verifying);
    void selectAction(where, long, {} as never);
    void analyseObservation(where, long, {} as never);
  }
  for (const lane of ['fast', 'remote'] as const) void callToolIn(lane, { timeoutMs: 1 }, long, {} as never);
  expect(mockSummaries).toHaveLength(10);
  for (const summary of mockSummaries) expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(300);
});
