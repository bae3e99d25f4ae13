import type { InvalidDefinitionError } from '../errors';
import type { JsonObject } from '../json';
import { parsePack } from './parse-pack';
import { planTask } from './plan-goal';
import { sliceOf, subGoalRequest } from './sub-goal';
import { SUB_GOAL } from './sub-goal-tool';
import { validatePlan } from './validate-plan';

const member = { id: 'sub', goal: { task: 'other.job', args: { of: '$of' } }, budget: { maxSteps: '$most' } };
const written = (members: object[]) => ({
  ...{ name: 'p', version: '1.0.0', summary: 'p' },
  tasks: [
    {
      ...{ name: 'p.job', summary: 'job', success: [{ name: 'x.y', summary: 'done', args: {} }] },
      params: [
        { name: 'of', type: 'text', required: true },
        { name: 'most', type: 'integer', default: 9 },
      ],
    },
  ],
  methods: [{ name: 'm', task: 'p.job', summary: 'm', cost: 1, subtasks: members }],
  operators: [
    {
      name: 'p.do',
      summary: 'do',
      params: [{ name: 'with', type: 'any' }],
      tools: [{ tool: 'a.b', args: { with: '$with' } }],
    },
  ],
});
const use = { id: 'use', task: 'p.do', args: { with: '{{steps.sub.result.n}}' } };
const problemsOf = (members: object[]): string[] => {
  try {
    parsePack(written(members));
    return [];
  } catch (error) {
    const { problems } = (error as InvalidDefinitionError).details as { problems: { at: string; problem: string }[] };
    return problems.map(({ at, problem }) => `${at}: ${problem}`);
  }
};

describe('a member that raises a goal', () => {
  const pack = parsePack(written([member, use]));
  const plan = planTask({ packs: [pack], request: { name: 'p.job', args: { of: 'x' } } });

  it('becomes a step like others: its result flows, and the validator takes the plan', () => {
    const [sub, last] = plan.steps;
    expect(sub?.tools).toEqual([{ tool: SUB_GOAL.name, args: { task: 'other.job', args: { of: 'x' }, maxSteps: 9 } }]);
    expect(last?.after).toEqual([sub?.id]);
    const tool = { ...SUB_GOAL, name: 'a.b' };
    expect(validatePlan(plan, { packs: [pack], facts: [], tools: [SUB_GOAL, tool] })).toEqual([]);
    expect(validatePlan(plan, { packs: [pack], facts: [], tools: [tool] }).map(({ code }) => code)).toEqual([
      'plan.unknown_tool',
    ]);
  });

  it('is read the same a second time', () => {
    expect(parsePack(JSON.parse(JSON.stringify(pack)))).toEqual(pack);
  });

  it('is checked with its place', () => {
    expect(problemsOf([{ ...member, goal: { task: 'other.job', args: { of: '$no' } } }])[0]).toMatch(
      /^methods\[0\]\.subtasks\[0\]\.args: \$no is not bound/,
    );
    expect(problemsOf([{ ...member, budget: { maxSteps: 0 } }])[0]).toMatch(
      /budget\.maxSteps: should be a whole number/,
    );
    expect(problemsOf([{ ...member, budget: { money: 3 } }])[0]).toMatch(/budget\.money: unknown field/);
    expect(problemsOf([{ ...use, args: {}, budget: { maxSteps: 3 } }])[0]).toMatch(/only a member that raises a goal/);
    expect(problemsOf([{ id: 'none' }])[0]).toMatch(/subtasks\[0\]\.task: is missing/);
  });
});

describe('the slice of a child goal', () => {
  const parent = { left: 10, deadlineMs: 5_000, nowMs: 1_000 };
  it('is what the step asks for, and never more than the parent has', () => {
    expect(sliceOf({ maxSteps: 3, deadlineSeconds: 2 }, parent)).toEqual({ maxSteps: 3, deadlineMs: 3_000 });
    expect(sliceOf({ maxSteps: 30, deadlineSeconds: 20 }, parent)).toEqual({ maxSteps: 10, deadlineMs: 5_000 });
    expect(sliceOf({ maxSteps: null, deadlineSeconds: null }, { ...parent, deadlineMs: null })).toEqual({
      maxSteps: 10,
      deadlineMs: null,
    });
  });

  it('ends at a time that can be stored, however far off the step puts it', () => {
    const { deadlineMs } = sliceOf({ maxSteps: 3, deadlineSeconds: 1e300 }, { ...parent, deadlineMs: null });
    expect(new Date(deadlineMs ?? NaN).getTime()).toBe(deadlineMs);
    expect(sliceOf({ maxSteps: 3, deadlineSeconds: 1e300 }, parent).deadlineMs).toBe(5_000);
  });

  it('is read from arguments that may come from anywhere', () => {
    expect(subGoalRequest({ task: 't', args: { a: 1 } })).toEqual({
      ...{ task: 't', args: { a: 1 }, maxSteps: null, deadlineSeconds: null },
    });
    const broken: readonly JsonObject[] = [
      {},
      { task: 't' },
      { task: 't', args: [] },
      { task: 't', args: {}, maxSteps: -1 },
    ];
    for (const args of broken) expect(typeof subGoalRequest(args)).toBe('string');
  });
});
