import { analyseObservation } from '../observation/analyse';
import { observe } from '../observation/observe';
import { planTask } from '../planning/plan-goal';
import { repairPlan } from '../planning/repair-plan';
import { aPack } from '../planning/testing/packs';
import { findCycle } from './dependencies';
import {
  applyObservation,
  applyPlan,
  applyVerification,
  attemptsAfterFailure,
  isPlanDone,
  nextSteps,
  startGoal,
  startStep,
  stepsIn,
  type GoalProgress,
} from './goal-progress';

describe('dependencies', () => {
  const edges = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['e']],
  ]);

  it('names the members of the circle that a goal would close', () => {
    expect(findCycle('e', ['a'], edges)).toEqual(['e', 'a', 'b', 'd', 'e']);
    expect(findCycle('x', ['x'], edges)).toEqual(['x', 'x']);
  });

  it('finds none where there is none, also over many paths to the same goal', () => {
    expect(findCycle('x', ['a', 'b', 'c', 'd'], edges)).toBeNull();
    const ladder = new Map(
      Array.from({ length: 60 }, (_, n) => [`n${n}`, [`n${n + 1}`, `n${n + 2}`]] as [string, string[]]),
    );
    expect(findCycle('x', ['n0'], ladder)).toBeNull();
  });
});

const pack = aPack({
  tasks: [{ name: 'root', params: [{ name: 'n', type: 'integer', default: 2 }] }, { name: 'get' }],
  methods: [
    {
      name: 'only',
      task: 'root',
      subtasks: [
        { id: 'get', task: 'get' },
        { id: 'act', task: 'act', repeat: { count: '$n', as: 'i', parallel: true }, args: { i: '$i' }, after: ['get'] },
      ],
    },
    { name: 'a', task: 'get', cost: 1, subtasks: [{ id: 'take', task: 'take-a' }] },
    { name: 'b', task: 'get', cost: 2, subtasks: [{ id: 'take', task: 'take-b' }] },
  ],
  operators: [
    { name: 'take-a', adds: [{ predicate: 'has', args: [] }] },
    { name: 'take-b', adds: [{ predicate: 'has', args: [] }] },
    { name: 'act', params: [{ name: 'i', type: 'integer' }] },
  ],
});
const planFor = (n: number) => planTask({ packs: [pack], request: { name: 'root', args: { n } } });

/** One call of a step, with its end. */
function call(progress: GoalProgress, stepId: string, ok: boolean): GoalProgress {
  const step = progress.plan?.steps.find(({ id }) => id === stepId);
  if (!step || !progress.plan) throw new Error(`no step ${stepId}`);
  const started = startStep(progress, stepId);
  const tool = step.tools[0]?.tool ?? '';
  const error = ok ? null : { code: 'x', message: 'y', transient: false, blame: 'input' as const };
  const observation = observe({
    step,
    tool: { name: tool, costUsd: 0 },
    report: { ok, output: ok ? {} : null, error, evidence: [], durationMs: 1 },
    summary: 'done',
    facts: [],
    replayed: false,
  });
  const analysis = analyseObservation({
    stepCount: progress.plan.steps.length,
    step,
    observation,
    done: stepsIn(started, 'succeeded').length + Number(ok),
    attempts: ok ? [] : attemptsAfterFailure(started, stepId, tool),
    maxSteps: 100,
    callsSoFar: started.callsMade,
    predicates: { total: progress.plan.success.length, held: 0 },
  });
  return applyObservation(started, observation, analysis);
}

describe('the progress of a goal', () => {
  const idOf = (progress: GoalProgress, label: string) =>
    progress.plan?.steps.find((step) => step.label === label)?.id ?? '';

  it('runs a plan to its end, with facts, calls and progress kept', () => {
    let progress = applyPlan(startGoal(), planFor(2));
    expect(nextSteps(progress, 4).map(({ label }) => label)).toEqual(['take']);
    progress = call(progress, idOf(progress, 'take'), true);
    expect(progress.facts).toEqual([{ predicate: 'has', args: [] }]);
    expect(nextSteps(progress, 4).map(({ label }) => label)).toEqual(['act-1', 'act-2']);
    expect(nextSteps(startStep(progress, idOf(progress, 'act-1')), 1)).toEqual([]);
    progress = call(call(progress, idOf(progress, 'act-1'), true), idOf(progress, 'act-2'), true);
    expect(isPlanDone(progress)).toBe(true);
    expect(progress).toMatchObject({ callsMade: 3, progress: 1, faults: [] });
    expect(JSON.parse(JSON.stringify(progress))).toEqual(progress);
  });

  it('hands a failure to the next revision and keeps what succeeded', () => {
    let progress = applyPlan(startGoal(), planFor(2));
    const first = progress.plan;
    progress = call(progress, idOf(progress, 'take'), false);
    expect(progress.faults).toEqual([{ stepId: 'root:only/get:a/take#0', code: 'x', message: 'y', blame: 'input' }]);
    expect(progress.attempts['root:only/get:a/take#0']).toEqual([{ tool: 'tool.take-a', failures: 1 }]);
    expect(nextSteps(progress, 4)).toEqual([]);
    if (!first) throw new Error('no plan');
    progress = applyPlan(
      progress,
      repairPlan({
        packs: [pack],
        plan: first,
        succeeded: [...stepsIn(progress, 'succeeded')],
        faults: progress.faults,
      }),
    );
    expect(progress).toMatchObject({ revision: 2, faults: [], callsMade: 1 });
    expect(nextSteps(progress, 4).map(({ tools }) => tools[0]?.tool)).toEqual(['tool.take-b']);
  });

  it('is whole only when the checks hold, and of a failed check says how much did', () => {
    const planned = planFor(2);
    const predicate = { name: 'p', summary: 'p', args: {} };
    let progress = applyPlan(startGoal(), { ...planned, success: [predicate] });
    for (const label of ['take', 'act-1', 'act-2']) progress = call(progress, idOf(progress, label), true);
    expect(progress.progress).toBe(0.75);
    expect(applyVerification(progress, { checks: 4, broken: 0 }).progress).toBe(1);
    expect(applyVerification(progress, { checks: 4, broken: 1 }).progress).toBe((3 + 0.75) / 4);
    expect(applyVerification(progress, { checks: 4, broken: 4 }).progress).toBe(0.75);
    expect(applyVerification(progress, { checks: 0, broken: 0 }).progress).toBe(0.75);
  });

  it('never lets progress fall within a revision', () => {
    let progress = applyPlan(startGoal(), planFor(3));
    const seen: number[] = [];
    for (const [label, ok] of [
      ['take', true],
      ['act-2', true],
      ['act-1', false],
      ['act-3', true],
    ] as const) {
      progress = call(progress, idOf(progress, label), ok);
      seen.push(progress.progress);
    }
    expect(seen).toEqual([0.25, 0.5, 0.5, 0.75]);
  });
});
