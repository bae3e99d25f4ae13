import { aGoal } from '@goalkeeper/testing';
import type { loadApiConfig } from '@goalkeeper/platform';
import { toGoalResponse } from './goal.view';
import { asAccepted } from './new-goal';

const config = { temporalUiUrl: null, temporalNamespace: 'default' } as unknown as ReturnType<typeof loadApiConfig>;
const task = { name: 'data.report', args: { source: './a.csv' } };
const pack = { name: 'data', version: '1.0.0' };
const taskOf = (told: Parameters<typeof aGoal>[0], meant: (typeof task & { pack: typeof pack }) | null) =>
  toGoalResponse({ ...asAccepted(aGoal(told), new Date(0), 1), meant }, config).task;

describe('the task of a goal', () => {
  it('is not known as long as words were not taken for one', () => {
    expect(taskOf({ objective: 'report ./a.csv', task: null }, null)).toBeNull();
  });

  it('says where it comes from, and with which pack it is planned', () => {
    const meant = { ...task, pack };
    expect(taskOf({ objective: '', task }, null)).toEqual({ ...task, from: 'request', pack: null });
    expect(taskOf({ objective: '', task }, meant)).toEqual({ ...task, from: 'request', pack });
    expect(taskOf({ objective: 'report ./a.csv', task: null }, meant)).toEqual({ ...task, from: 'words', pack });
    expect(taskOf({ objective: './a.csv', task }, meant)).toEqual({ ...task, from: 'answer', pack });
    const parent = { goalId: aGoal().id, stepId: 's' };
    expect(taskOf({ objective: '', task, parent }, meant)).toEqual({ ...task, from: 'step', pack });
  });
});
