import { NoPlanError } from '../errors';
import { planTask } from './plan-goal';
import { diffPlans, repairPlan } from './repair-plan';
import { afterFailureOf, aPack, labelsOf, toolsOf } from './testing/packs';
import { validatePlan } from './validate-plan';
import type { DomainPack } from './pack';

const firstPlan = (pack: DomainPack) => planTask({ packs: [pack], request: { name: 'root', args: {} } });
const problems = (plan: ReturnType<typeof firstPlan>, pack: DomainPack) =>
  validatePlan(plan, { packs: [pack], facts: [], tools: toolsOf(pack) });

/** root = get (by a or b) → use; a and b lead to different results. */
const twoWays = aPack({
  tasks: [{ name: 'root' }, { name: 'get' }],
  methods: [
    {
      name: 'only',
      task: 'root',
      subtasks: [
        { id: 'prepare', task: 'prepare' },
        { id: 'get', task: 'get', after: ['prepare'] },
        { id: 'use', task: 'use', args: { what: '{{steps.get.it}}' } },
      ],
    },
    { name: 'a', task: 'get', cost: 1, subtasks: [{ id: 'take', task: 'take-a' }] },
    { name: 'b', task: 'get', cost: 2, subtasks: [{ id: 'take', task: 'take-b' }] },
  ],
  operators: [
    { name: 'prepare' },
    { name: 'take-a' },
    { name: 'take-b' },
    { name: 'use', params: [{ name: 'what', type: 'any' }] },
  ],
});

describe('repairing a plan', () => {
  it('takes another way at the nearest task above the failure and keeps what is done', () => {
    const plan = firstPlan(twoWays);
    const repaired = afterFailureOf('take', plan, twoWays);
    expect(repaired.revision).toBe(2);
    expect(repaired.steps.map(({ operator }) => operator)).toEqual(['prepare', 'take-b', 'use']);
    expect(diffPlans(plan, repaired)).toEqual({
      kept: ['root:only/prepare#0', 'root:only/use#0'],
      added: ['root:only/get:b/take#0'],
      removed: ['root:only/get:a/take#0'],
    });
    expect(repaired.reason).toBe(
      'repairs "take" (tool.defect: broken): get by "b" instead of "a"; 1 finished step is kept',
    );
    expect(problems(repaired, twoWays)).toEqual([]);
  });

  it('makes anew what a failed step worked on when nothing above it has another way', () => {
    const plan = firstPlan(twoWays);
    const repaired = afterFailureOf('use', plan, twoWays);
    expect(repaired.steps.map(({ operator }) => operator)).toEqual(['prepare', 'take-b', 'use']);
    expect(repaired.steps.map(({ id }) => id)).toEqual([
      'root:only/prepare#0',
      'root:only/get:b/take#0',
      'root:only/use#1',
    ]);
    expect(problems(repaired, twoWays)).toEqual([]);
  });

  it('ends when every way has failed, and says what failed', () => {
    const second = afterFailureOf('take', firstPlan(twoWays), twoWays);
    const run = () => afterFailureOf('take', second, twoWays, 'out.of_stock');
    expect(run).toThrow(NoPlanError);
    expect(run).toThrow('No other way is left after "take" failed (out.of_stock: broken)');
  });

  it('does a finished step again, under a new id, when what it worked on changed', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }, { name: 'get' }],
      methods: [
        {
          name: 'only',
          task: 'root',
          subtasks: [
            { id: 'get', task: 'get' },
            { id: 'look', task: 'look', args: { what: '{{steps.get}}' } },
            { id: 'use', task: 'use', args: { what: '{{steps.get}}' }, after: ['look'] },
          ],
        },
        { name: 'a', task: 'get', cost: 1, subtasks: [{ id: 'take', task: 'take-a' }] },
        { name: 'b', task: 'get', cost: 2, subtasks: [{ id: 'take', task: 'take-b' }] },
      ],
      operators: [
        { name: 'take-a' },
        { name: 'take-b' },
        ...['look', 'use'].map((name) => ({ name, params: [{ name: 'what', type: 'any' as const }] })),
      ],
    });
    const repaired = afterFailureOf('use', firstPlan(pack), pack);
    expect(repaired.steps.map(({ id }) => id)).toEqual([
      'root:only/get:b/take#0',
      'root:only/look#1',
      'root:only/use#1',
    ]);
    expect(new Set(labelsOf(repaired)).size).toBe(3);
    expect(repaired.avoids?.retired).toEqual(['root:only/get:a/take#0', 'root:only/look#0', 'root:only/use#0']);
    expect(problems(repaired, pack)).toEqual([]);
  });

  it('does not try the same action in the same state by another method', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [
        { name: 'a', task: 'root', cost: 1, subtasks: [{ id: 'x', task: 'act' }] },
        { name: 'b', task: 'root', cost: 2, subtasks: [{ id: 'y', task: 'act' }] },
        {
          name: 'c',
          task: 'root',
          cost: 3,
          subtasks: [
            { id: 'fix', task: 'fix' },
            { id: 'z', task: 'act', after: ['fix'] },
          ],
        },
      ],
      operators: [{ name: 'act' }, { name: 'fix', adds: [{ predicate: 'fixed', args: [] }] }],
    });
    const repaired = afterFailureOf('x', firstPlan(pack), pack);
    expect(labelsOf(repaired)).toEqual(['fix', 'z']);
  });

  it('lets methods ask what failed and how', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }],
      methods: [
        { name: 'usual', task: 'root', cost: 1, subtasks: [{ id: 'x', task: 'act' }] },
        {
          name: 'busy',
          task: 'root',
          cost: 2,
          when: [{ predicate: 'failed', args: ['act', 'busy'] }],
          subtasks: [{ id: 'y', task: 'wait' }],
        },
      ],
      operators: [{ name: 'act' }, { name: 'wait' }],
    });
    const plan = firstPlan(pack);
    expect(labelsOf(afterFailureOf('x', plan, pack, 'busy'))).toEqual(['y']);
    expect(problems(afterFailureOf('x', plan, pack, 'busy'), pack)).toEqual([]);
    expect(() => afterFailureOf('x', plan, pack, 'gone')).toThrow(NoPlanError);
  });

  it('leaves other choices as they were, also those that statistics would now make differently', () => {
    const pack = aPack({
      tasks: [{ name: 'root' }, { name: 'p' }, { name: 'q' }],
      methods: [
        {
          name: 'only',
          task: 'root',
          subtasks: [
            { id: 'p', task: 'p' },
            { id: 'q', task: 'q', after: ['p'] },
          ],
        },
        ...['p', 'q'].flatMap((task) =>
          ['1', '2'].map((n) => ({
            name: `${task}${n}`,
            task,
            cost: Number(n),
            subtasks: [{ id: `${task}${n}`, task: `do-${task}${n}` }],
          })),
        ),
      ],
      operators: ['p1', 'p2', 'q1', 'q2'].map((name) => ({ name: `do-${name}` })),
    });
    const plan = firstPlan(pack);
    const repaired = repairPlan({
      packs: [pack],
      plan,
      succeeded: ['root:only/p:p1/p1#0'],
      faults: [{ stepId: 'root:only/q:q1/q1#0', code: 'x', message: 'y' }],
      methodStats: [{ task: 'p', method: 'p1', successes: 0, failures: 50 }],
    });
    expect(labelsOf(repaired)).toEqual(['p1', 'q2']);
  });

  it('refuses faults of steps that the plan does not have', () => {
    const plan = firstPlan(twoWays);
    expect(() =>
      repairPlan({ packs: [twoWays], plan, succeeded: [], faults: [{ stepId: 'other', code: 'x', message: 'y' }] }),
    ).toThrow(/Nothing to repair/);
  });
});
