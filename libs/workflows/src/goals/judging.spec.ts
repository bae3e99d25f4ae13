import { analyseObservation as judged, type Judgement, type Outcome, type ToolDescriptor } from '@goalkeeper/domain';
import { aDecision, aGoal, anObservation, aPlan, aPlanStep } from '@goalkeeper/testing';
import { array, constantFrom, integer, record, sample } from 'fast-check';
import * as activities from '../activities';
import type { PlanGoalResult } from '../ports';
import { GoalRun } from './goal-run';
import { judgeDue } from './judging';
import { pursueGoal } from './pursue-goal';

jest.mock('../activities', () => ({
  ...{ checkGate: jest.fn(), planGoal: jest.fn(), recallMemory: jest.fn(), recordTransition: jest.fn() },
  ...{ verifyGoal: jest.fn(), callToolIn: jest.fn(), selectAction: jest.fn(), analyseObservation: jest.fn() },
}));
jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  isCancellation: (error: unknown) => error instanceof Error && error.message === 'cancelled',
  CancelledFailure: class CancelledFailure extends Error {},
  setCurrentDetails: () => undefined,
  sleep: async () => undefined,
  condition: jest.fn(),
}));
const { condition } = jest.requireMock<{ condition: jest.Mock<Promise<boolean>, [() => boolean]> }>(
  '@temporalio/workflow',
);
const { planGoal, recallMemory, verifyGoal, callToolIn, selectAction, analyseObservation } = jest.mocked(activities);

const tool = (name: string, effect: ToolDescriptor['effect']): ToolDescriptor =>
  ({ name, effect, boundMs: 10, timeoutMs: 100 }) as ToolDescriptor;
const TOOLS = [tool('fast', 'pure'), tool('far', 'idempotent')];

interface Story {
  /** The tool of each step and how its first call ends; later calls work. */
  readonly steps: readonly { readonly tool: string; readonly first: Outcome; readonly after: number }[];
  readonly maxSteps: number;
  readonly parallelism: number;
}

interface Told {
  readonly run: GoalRun;
  readonly end: string;
  readonly judgements: Judgement[];
  /** What the goal asked for, in order. */
  readonly asked: string[];
}

const chain = (...tools: string[]): Story => ({
  steps: tools.map((name) => ({ tool: name, first: 'success', after: 1 })),
  maxSteps: 50,
  parallelism: 1,
});

/** Pursues a goal on activities that answer at once. */
async function pursued(story: Story, judging: 'together' | undefined, onCall?: (run: GoalRun) => void): Promise<Told> {
  const asked: string[] = [];
  const judgements: Judgement[] = [];
  const store = ({ analyses }: { readonly analyses: readonly Judgement[] }): unknown => judgements.push(...analyses);
  const run = new GoalRun(aGoal({ maxSteps: story.maxSteps, parallelism: story.parallelism, mayAsk: false }), null);
  const steps = story.steps.map(({ tool: name, after }, index) =>
    aPlanStep(`s${index}`, {
      tools: [{ tool: name, args: { index } }],
      after: after > 0 && index >= after ? [`s${index - after}#0`] : [],
    }),
  );
  jest.resetAllMocks();
  recallMemory.mockResolvedValue({ episodes: [], toolStats: [], methodStats: [] });
  planGoal.mockImplementation(async (_summary, input): Promise<PlanGoalResult> => {
    asked.push('plan');
    store(input);
    if (input.revision > 1)
      return { kind: 'failed', failure: { code: 'plan.none', message: '', hint: '', details: {} } };
    const known = { tools: TOOLS, completed: [], facts: [], callsMade: 0, decisions: 'local' } as const;
    const how = judging ? { judging } : {};
    return { kind: 'planned', plan: aPlan(steps), ...known, verification: 'local', ...how };
  });
  selectAction.mockImplementation(async (_where, _summary, { step, ahead = [] }) => {
    const choice = (id: string) =>
      aDecision(id, {
        chosen: { tool: steps.find((one) => one.id === id)?.tools[0]?.tool ?? '', bindingIndex: 0 },
        at: new Date().toISOString(),
      });
    return { ...choice(step.id), ahead: ahead.map(({ id }) => choice(id)) };
  });
  callToolIn.mockImplementation(async (lane, _tool, _summary, input) => {
    asked.push(lane);
    store(input);
    onCall?.(run);
    const { step, callNo } = input;
    const told = story.steps[steps.findIndex(({ id }) => id === step.id)];
    const outcome = callNo === 1 ? (told?.first ?? 'success') : 'success';
    const error = { kind: 'explicit', duration: 'transient', code: 'x', message: 'm' } as const;
    const measures = { tool: told?.tool ?? '', ...(outcome === 'failure' ? { error } : {}) };
    return { observation: anObservation(step.id, { outcome, ...measures }), refused: false };
  });
  analyseObservation.mockImplementation(async (_where, _summary, { earlier = [], ...input }) => {
    asked.push(`judge ${earlier.length + 1}`);
    return { ...judged(input), ...(earlier.length > 0 ? { earlier: earlier.map(judged) } : {}) };
  });
  verifyGoal.mockImplementation(async (_where, _summary, input) => {
    asked.push('verify');
    store(input);
    return { holds: true, checks: 1, broken: 0, evidence: [] };
  });
  const end = await pursueGoal(run, () => false);
  expect(run.due).toEqual([]); // whatever the end
  store({ analyses: run.takeAnalyses() });
  return { run, end: end.kind === 'failed' ? end.failure.code : end.kind, judgements, asked };
}

/** Successes are judged in the order in which they came back: progress never falls, and is whole when the goal is verified. */
function inOrder({ judgements, run, end }: Pick<Told, 'judgements' | 'run' | 'end'>): void {
  const worked = judgements.filter(({ next }) => next === 'continue' || next === 'finish');
  const shares = worked.map(({ progress }) => progress);
  expect(shares).toEqual([...shares].sort((one, other) => one - other));
  const { progress } = run.progress;
  expect(progress).toBe(end === 'verified' ? 1 : Math.max(0, ...judgements.map((one) => one.progress)));
}

describe('judging successes together', () => {
  it('asks once for a chain on the fast lane, and stores each judgement in order', async () => {
    const { asked, judgements } = await pursued(chain('fast', 'fast', 'fast'), 'together');
    expect(asked).toEqual(['plan', 'fast', 'fast', 'fast', 'judge 3', 'verify']);
    expect(judgements.map(({ stepId, next, callNo }) => [stepId, next, callNo])).toEqual([
      ['s0#0', 'continue', 1],
      ['s1#0', 'continue', 1],
      ['s2#0', 'finish', 1],
    ]);
    expect(judgements.map(({ progress }) => progress)).toEqual([1 / 3, 2 / 3, 1]);
  });

  it('asks for eight at most', async () => {
    const { asked } = await pursued(chain(...Array<string>(17).fill('fast')), 'together');
    expect(asked.filter((one) => one.startsWith('judge'))).toEqual(['judge 8', 'judge 8', 'judge 1']);
  });

  it('judges each at once for a plan of an older version', async () => {
    const { asked } = await pursued(chain('fast', 'fast'), undefined);
    expect(asked).toEqual(['plan', 'fast', 'judge 1', 'fast', 'judge 1', 'verify']);
  });

  it('judges what is due before a remote call, and the remote call at once', async () => {
    const { asked } = await pursued(chain('fast', 'fast', 'far', 'fast'), 'together');
    expect(asked).toEqual(['plan', 'fast', 'fast', 'judge 2', 'remote', 'judge 1', 'fast', 'judge 1', 'verify']);
  });

  it('judges a failure at once, with what came before', async () => {
    const story = chain('fast', 'fast');
    const failing = {
      ...story,
      steps: story.steps.map((step, at) => (at === 1 ? { ...step, first: 'failure' as const } : step)),
    };
    const { asked, judgements } = await pursued(failing, 'together');
    expect(asked).toEqual(['plan', 'fast', 'fast', 'judge 2', 'fast', 'judge 1', 'verify']);
    expect(judgements.map(({ next, callNo }) => [next, callNo])).toEqual([
      ['continue', 1],
      ['retry', 1],
      ['finish', 2],
    ]);
  });

  it('judges at once where the limit of calls is reached: the goal is given up', async () => {
    const { end, asked } = await pursued({ ...chain('fast', 'fast', 'fast'), maxSteps: 2 }, 'together');
    expect([end, ...asked]).toEqual(['goal.given_up', 'plan', 'fast', 'fast', 'judge 2']);
  });

  it('leaves nothing unjudged while the goal rests', async () => {
    condition.mockReset();
    let rests = 0;
    const told = pursued(chain('fast', 'fast', 'fast'), 'together', (run) => {
      if (callToolIn.mock.calls.length !== 2) return;
      expect(run.due).toHaveLength(1);
      run.paused = true;
      condition.mockImplementation(async (goesOn) => {
        rests += 1;
        expect(run.due).toEqual([]);
        run.paused = false;
        return goesOn();
      });
    });
    const { asked } = await told;
    expect([rests, ...asked]).toEqual([1, 'plan', 'fast', 'fast', 'judge 2', 'fast', 'judge 1', 'verify']);
  });

  it('keeps what a cancel leaves unjudged, in order', async () => {
    const { run } = await pursued(chain('fast', 'fast', 'fast'), 'together');
    const due = ['a', 'b', 'c'].map((id) => {
      const step = aPlanStep(id);
      return { input: run.judgementOf(step, anObservation(step.id)), callNo: 1 };
    });
    run.due.push(...due);
    analyseObservation.mockRejectedValueOnce(new Error('cancelled'));
    await expect(judgeDue(run)).rejects.toThrow('cancelled');
    expect(run.due).toEqual(due);
    await judgeDue(run);
    expect(run.takeAnalyses().map(({ stepId }) => stepId)).toEqual(['a#0', 'b#0', 'c#0']);
  });

  it('judges as one by one, whatever happens', async () => {
    const step = record({
      tool: constantFrom('fast', 'fast', 'fast', 'far'),
      first: constantFrom<Outcome>('success', 'success', 'success', 'partial', 'failure'),
      after: constantFrom(0, 1, 1, 2),
    });
    const stories = record({
      steps: array(step, { minLength: 1, maxLength: 12 }),
      maxSteps: constantFrom(5, 50),
      parallelism: integer({ min: 1, max: 3 }),
    });
    const byCall = (judgements: readonly Judgement[]) =>
      [...judgements].sort((one, other) =>
        `${one.stepId} ${one.callNo}`.localeCompare(`${other.stepId} ${other.callNo}`),
      );
    const callsOf = (judgements: readonly Judgement[]) =>
      byCall(judgements).map(({ stepId, callNo, retryAfterMs }) => ({ stepId, callNo, retryAfterMs }));
    const seen = new Set<string>();
    const drawn = sample(stories, { numRuns: 150, seed: 20261123 });
    for (const story of drawn) {
      const alone = await pursued(story, undefined);
      const together = await pursued(story, 'together');
      const made = together.asked.filter((one) => one === 'fast' || one === 'remote');
      expect(together.judgements).toHaveLength(made.length); // each call once
      inOrder(together);
      // Beside one another, which comes first may differ, and with it how far the plan was, and what a failure cut off.
      if (story.parallelism > 1 && (together.end !== 'verified' || alone.end !== 'verified')) continue;
      const compared = story.parallelism === 1 ? byCall : callsOf;
      expect([together.end, together.run.progress.stepStates]).toEqual([alone.end, alone.run.progress.stepStates]);
      expect(compared(together.judgements)).toEqual(compared(alone.judgements));
      seen.add(`${together.end} ${story.parallelism}`);
    }
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['goal.given_up 1', 'verified 1', 'verified 2', 'verified 3']),
    );
  });
});
