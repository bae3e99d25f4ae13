import { observe } from '../observation/observe';
import { analyseObservation } from '../observation/analyse';
import { applyObservation, applyPlan, contradictionOf, nextSteps, startGoal } from '../goals/goal-progress';
import type { GoalProgress } from '../goals/goal-progress';
import type { JsonObject } from '../json';
import { parsePack } from './parse-pack';
import type { Fact, Plan, PlanFault } from './plan';
import { planTask } from './plan-goal';
import { repairPlan } from './repair-plan';
import { validatePlan } from './validate-plan';

const operator = (name: string, more: JsonObject): JsonObject => ({
  name,
  summary: name,
  params: [{ name: 'of', type: 'any' }],
  tools: [{ tool: `t.${name}`, args: { of: '$of' } }],
  ...more,
});
const holds = (predicate: string): JsonObject => ({ predicate, args: [] });
const member = (id: string, after: string[] = [], args: JsonObject = {}): JsonObject => ({ id, task: id, args, after });

const pack = parsePack({
  name: 'p',
  version: '1.0.0',
  summary: 'p',
  tasks: [{ name: 'job', summary: 'job', success: [{ name: 'x.done', summary: 'done', args: {} }] }],
  methods: [
    {
      name: 'm',
      task: 'job',
      summary: 'm',
      cost: 1,
      subtasks: [
        member('login'),
        member('list', ['login'], { of: '{{steps.login.token}}' }),
        member('note', ['login']),
        member('send', ['list', 'note']),
      ],
    },
  ],
  operators: [
    operator('login', { adds: [holds('in')] }),
    operator('list', { when: [holds('in')] }),
    operator('note', { when: [holds('in')] }),
    operator('send', { when: [holds('in')] }),
  ],
});
const tools = ['login', 'list', 'note', 'send'].map((name) => ({
  ...{ name: `t.${name}`, version: '1.0.0', summary: name, kind: 'real', effect: 'pure' },
  ...{ boundMs: 1, timeoutMs: 1, costUsd: 0 },
})) as never;
const lost: Fact = { predicate: 'in', args: [] };
const plan = planTask({ packs: [pack], request: { name: 'job', args: {} } });
const idOf = (of: Plan, label: string): string => of.steps.find((step) => step.label === label)?.id ?? '';
const without = (of: Plan, succeeded: string[], contradicts: readonly Fact[] = [lost]): Plan => {
  const fault: PlanFault = { stepId: idOf(of, 'send'), code: 'session.lost', message: 'gone', contradicts };
  return repairPlan({ packs: [pack], plan: of, succeeded, faults: [fault] });
};

describe('a fact that is lost', () => {
  const done = ['login', 'list', 'note'].map((label) => idOf(plan, label));
  const revision = without(plan, done);

  it('has its giver done again, with what takes its data, and keeps the rest', () => {
    const kept = ['login', 'list', 'note', 'send'].filter((label) => idOf(revision, label) === idOf(plan, label));
    expect(kept).toEqual(['note', 'send']);
    expect(revision.reason).toBe(
      'repairs in(), which no longer holds (session.lost): "login" again; 1 finished step is kept',
    );
    expect(validatePlan(revision, { packs: [pack], facts: [], tools })).toEqual([]);
    expect(idOf(revision, 'login')).toBe(`${plan.steps[0]?.lineage}#1`);
  });

  it('holds up who comes after its giver through finished steps', () => {
    const afterOf = (label: string): readonly string[] =>
      revision.steps.find((step) => step.label === label)?.after.map((id) => labelOf(id)) ?? [];
    const labelOf = (id: string): string => revision.steps.find((step) => step.id === id)?.label ?? '';
    expect(afterOf('send').toSorted()).toEqual(['list', 'login', 'note']);
    expect(afterOf('list')).toEqual(['login']);
  });

  it('is made again once: the second time another way is looked for', () => {
    const ids = ['login', 'list', 'note'].map((label) => idOf(revision, label));
    expect(() => without(revision, ids)).toThrow(/No other way is left/);
  });

  it('that no finished step gave is an ordinary failure', () => {
    expect(() => without(plan, [])).toThrow(/No other way is left/);
    expect(() => without(plan, done, [{ predicate: 'other', args: [] }])).toThrow(/No other way is left/);
  });

  it('is never given to two steps under one id, over many losses', () => {
    const seen = new Set([...plan.steps, ...revision.steps].map(({ id }) => id));
    expect(seen.size).toBe(6); // login and list anew
  });
});

describe('the move of an observation that takes a fact away', () => {
  const report = (ok: boolean, denies: readonly Fact[]) => ({
    ok,
    output: ok ? {} : null,
    error: ok ? null : { code: 'session.lost', message: 'log in', transient: false },
    evidence: [],
    durationMs: 1,
    denies,
  });
  const at = (labels: readonly string[]): GoalProgress => {
    const start = applyPlan(startGoal(), plan);
    const stepStates = Object.fromEntries(
      plan.steps.map(({ id, label }) => [id, labels.includes(label) ? ('succeeded' as const) : ('pending' as const)]),
    );
    return { ...start, stepStates, facts: [lost] };
  };
  const see = (progress: GoalProgress, label: string, denies: readonly Fact[]) => {
    const step = plan.steps.find((one) => one.label === label) ?? plan.steps[0];
    if (!step) throw new Error('no step');
    const tool = { name: `t.${label}`, costUsd: 0 };
    const observation = observe({ step, tool, report: report(false, denies), summary: '', facts: [], replayed: false });
    const contradicts = contradictionOf(progress, observation) ? 'lost' : null;
    const input = { stepCount: 4, step, observation, done: 3, attempts: [], maxSteps: 9, callsSoFar: 3, contradicts };
    const analysis = analyseObservation(input);
    return { analysis, after: applyObservation(progress, observation, analysis), step };
  };

  it('is repair, and blames neither the step nor its tool', () => {
    const { analysis, after, step } = see(at(['login', 'list', 'note']), 'send', [lost]);
    expect(analysis).toMatchObject({ next: 'repair', reason: 'lost' });
    expect(after.faults).toEqual([
      {
        stepId: step.id,
        code: 'session.lost',
        message: 'in() does not hold, and "send" needs it',
        contradicts: [lost],
      },
    ]);
    expect([after.attempts, after.facts, after.stepStates[step.id]]).toEqual([{}, [], 'pending']);
    expect(nextSteps(after, 4).map(({ label }) => label)).toEqual(['send']); // the faults block it, not its own state
  });

  it('is an ordinary failure where nobody finished gave the fact, or nobody needs it', () => {
    expect(see(at([]), 'send', [lost]).analysis.next).toBe('replan');
    expect(see(at(['login']), 'send', [{ predicate: 'other', args: [] }]).analysis.next).toBe('replan');
  });

  it('takes the fact away also then, so that selection sees it', () => {
    expect(see(at([]), 'send', [lost]).after.facts).toEqual([]);
  });
});
