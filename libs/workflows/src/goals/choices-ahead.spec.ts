import type { PlanStep } from '@goalkeeper/domain';
import { aDecision, aGoal, aPlan, aPlanStep } from '@goalkeeper/testing';
import * as activities from '../activities';
import { chooseAction } from './choices-ahead';
import { GoalRun } from './goal-run';

jest.mock('../activities', () => ({ selectAction: jest.fn() }));
const { selectAction } = jest.mocked(activities);

const [FIRST, SECOND, THIRD] = [
  aPlanStep('first'),
  aPlanStep('second', { after: [aPlanStep('first').id] }),
  aPlanStep('third', { after: [aPlanStep('second').id] }),
] as const;
const NOW = Date.parse('2026-01-01T00:00:00Z');

function aRun(steps: readonly PlanStep[] = [FIRST, SECOND, THIRD]): GoalRun {
  const run = new GoalRun(aGoal(), null);
  const done = { completed: [], facts: [], callsMade: 0 };
  const where = { decisions: 'local', verification: 'remote' } as const;
  run.adopt({ kind: 'planned', plan: aPlan([...steps]), tools: [], ...where, ...done });
  run.take(FIRST);
  return run;
}

const askedAhead = (call: number): string[] => (selectAction.mock.calls[call]?.[2].ahead ?? []).map(({ id }) => id);

describe('choosing for a chain of steps', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
    selectAction.mockReset();
    selectAction.mockImplementation(async (_where, _summary, { step, ahead = [] }) => {
      const choice = (id: string) => ({ ...aDecision(id), at: new Date(Date.now()).toISOString() });
      return { ...choice(step.id), ahead: ahead.map(({ id }) => choice(id)) };
    });
  });
  afterEach(() => jest.useRealTimers());

  it('asks once, and keeps each choice free of the others', async () => {
    const run = aRun();
    const first = await chooseAction(run, FIRST);
    expect(askedAhead(0)).toEqual([SECOND.id, THIRD.id]);
    expect(first).not.toHaveProperty('ahead');
    expect((await chooseAction(run, SECOND)).stepId).toBe(SECOND.id);
    expect((await chooseAction(run, THIRD)).stepId).toBe(THIRD.id);
    expect(selectAction).toHaveBeenCalledTimes(1);
  });

  it('asks again for another try of a step, since each choice serves once', async () => {
    const run = aRun();
    await chooseAction(run, FIRST);
    await chooseAction(run, SECOND);
    await chooseAction(run, SECOND);
    expect(selectAction).toHaveBeenCalledTimes(2);
    expect(askedAhead(1)).toEqual([]);
  });

  it('asks again when something was banned meanwhile', async () => {
    const run = aRun();
    await chooseAction(run, FIRST);
    jest.spyOn(run, 'bansOf').mockReturnValue({ banned: ['test.echo'] });
    await chooseAction(run, SECOND);
    expect(selectAction.mock.calls[1]?.[2]).toMatchObject({ step: SECOND, banned: ['test.echo'] });
  });

  it('asks again when the choice has aged', async () => {
    const run = aRun();
    await chooseAction(run, FIRST);
    jest.setSystemTime(NOW + 31_000);
    await chooseAction(run, SECOND);
    expect(selectAction).toHaveBeenCalledTimes(2);
  });

  it('asks again for the steps of a new plan', async () => {
    const run = aRun();
    await chooseAction(run, FIRST);
    const where = { decisions: 'local', verification: 'remote' } as const;
    const plan = { ...aPlan([FIRST, SECOND, THIRD]), revision: 2 };
    run.adopt({ kind: 'planned', plan, tools: [], completed: [FIRST.id], facts: [], callsMade: 1, ...where });
    await chooseAction(run, SECOND);
    expect(selectAction).toHaveBeenCalledTimes(2);
  });

  it('leaves out a step for which it counts what holds when it is due', async () => {
    const ready = { predicate: 'ready', args: ['x'] };
    const conditional = aPlanStep('second', { after: [FIRST.id], when: [ready] });
    await chooseAction(aRun([FIRST, conditional, THIRD]), FIRST);
    expect(askedAhead(0)).toEqual([THIRD.id]);
  });

  it('leaves steps that are due at the same time to their own question', async () => {
    const beside = aPlanStep('beside');
    await chooseAction(aRun([FIRST, beside, SECOND]), FIRST);
    expect(askedAhead(0)).toEqual([SECOND.id]);
  });
});
