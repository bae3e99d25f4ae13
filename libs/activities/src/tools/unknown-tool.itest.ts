import { aDecision, aPlanStep, openTestStore, type TestStore } from '@goalkeeper/testing';
import { analyseObservation } from '@goalkeeper/domain';
import { createToolRegistry } from '@goalkeeper/tools';
import type { CallToolInput } from '@goalkeeper/workflows/ports';
import type { ActivityDeps } from '../deps';
import { FollowedGoals } from './followed-goals';
import { createToolActivities } from './tool-activities';

// The engine's side of a call: a first, remote attempt.
jest.mock('@temporalio/activity', () => ({ activityInfo: () => ({ isLocal: false, attempt: 1 }) }));
jest.mock('../heartbeat', () => ({
  withHeartbeat: (work: (pulse: object) => unknown) =>
    work({ signal: new AbortController().signal, beat: () => undefined }),
}));

describe('named behaviours', () => {
  let store: TestStore;
  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  it('an unknown tool is an observation, not an exception', async () => {
    const deps = {
      database: store.database,
      tools: createToolRegistry({ plugins: [] }),
      wakeups: { publish: () => undefined },
      log: { debug: () => undefined },
      files: { roots: [], scratchDir: '' },
    } as unknown as ActivityDeps;
    const { callTool } = createToolActivities(deps, new FollowedGoals());
    const tools = [
      { tool: 'gone.away', args: {} },
      { tool: 'other.way', args: {} },
    ];
    for (const lane of ['fast', 'remote'] as const) {
      const step = { ...aPlanStep('use'), tools };
      const goal = await store.planned([step]);
      const decision = { ...aDecision(step.id), chosen: { tool: 'gone.away', bindingIndex: 0 } };
      const input: CallToolInput = { ref: goal, planRevision: 1, step, decision, callNo: 1, analyses: [], lane };
      const { observation } = await callTool(input);
      expect(observation).toMatchObject({ outcome: 'failure', error: { kind: 'explicit', code: 'tool.unknown' } });
      expect(await store.steps(goal)).toMatchObject([{ state: 'failed' }]);
      const judged = { stepCount: 1, step, observation, done: 0, attempts: [], maxSteps: 9, callsSoFar: 1 };
      expect(analyseObservation(judged)).toMatchObject({ next: 'alternative' });
    }
  });
});
