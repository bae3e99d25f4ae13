import { type GoalEvidence, sequence } from '@goalkeeper/domain';
import { ClosingRepository, MemoryRepository, newId } from '@goalkeeper/persistence';
import { aLesson, openTestStore, type TestStore } from '@goalkeeper/testing';
import { anAttempt, aFailure, someEvidence } from '../../../libs/domain/src/learning/testing/evidence';
import { LiveRecords, toolsIn } from '../../../libs/domain/src/learning/testing/live-stats';

/** The simulation of `npm run bench:learning` keeps records of its own: they must be those of the store. */
describe('the records of the simulation and those of the store', () => {
  let store: TestStore;
  beforeAll(async () => (store = await openTestStore()));
  afterAll(() => store.close());

  it('say the same of the same goals', async () => {
    const seed = `${Math.random()}`;
    process.stdout.write(`seed ${seed}\n`);
    const next = sequence(seed);
    const tenantId = await store.addTenant();
    const records = new LiveRecords();
    for (let index = 0; index < 40; index += 1) {
      const goal = aGoal(next, index < 20);
      records.learn({ ...goal, atMs: Date.now() });
      const methods = goal.choices.map(({ task, method, worked }) => ({
        ...{ task, method, successes: Number(worked), failures: Number(!worked) },
      }));
      const ref = await store.goal({ tenantId });
      const end = { to: 'succeeded', reason: '', failure: null, verified: true } as const;
      await new ClosingRepository(store.database, ref).close({
        ...end,
        lesson: aLesson({ tools: toolsIn(goal), methods }),
      });
    }
    const ref = { tenantId, goalId: newId() };
    const { toolStats, methodStats } = await new MemoryRepository(store.database).recall(ref, {
      ...{ words: '', task: null, limit: 1 },
    });
    const byName = (one: { tool: string; context?: string }) => `${one.tool} ${one.context ?? ''}`;
    const told = (stats: typeof toolStats) =>
      stats
        .toSorted((a, b) => (byName(a) < byName(b) ? -1 : 1))
        .map(({ tool, context, successes, failures, meanLogMs = 0 }) => ({
          ...{
            tool,
            ...(context ? { context } : {}),
            successes: expect.closeTo(successes, 1),
            failures: expect.closeTo(failures, 1),
          },
          meanLogMs: expect.closeTo(meanLogMs, 1),
        }));
    expect(toolStats.length).toBe(4); // two tools, each as a whole and in one context
    expect(toolStats.toSorted((a, b) => (byName(a) < byName(b) ? -1 : 1))).toMatchObject(
      told(records.toolStats(Date.now())),
    );
    expect(methodStats).toEqual(
      records
        .methodStats(Date.now())
        .toSorted((a, b) => (a.method < b.method ? -1 : 1))
        .map((one) => ({
          ...one,
          successes: expect.closeTo(one.successes, 1),
          failures: expect.closeTo(one.failures, 1),
        })),
    );
  });
});

/** A verified goal with calls of two tools in two contexts; the tools turn around when `isEarly` ends. */
function aGoal(next: () => number, isEarly: boolean): GoalEvidence {
  const attempts = Array.from({ length: 1 + Math.floor(next() * 4) }, (_, index) => {
    const tool = next() < 0.5 ? 'a' : 'b';
    const told = {
      stepId: `s${index}`,
      tool,
      context: next() < 0.5 ? 'source=.csv' : '',
      durationMs: 5 + 50 * next(),
      tools: ['a', 'b'],
    };
    const isGood = next() < ((tool === 'a') === isEarly ? 0.9 : 0.1);
    return isGood ? anAttempt(told) : aFailure(told);
  });
  const method = next() < 0.5 ? 'full' : 'quick';
  return someEvidence({ attempts, choices: [{ task: 'data.report', method, worked: true }] });
}
