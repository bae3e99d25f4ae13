import { lessonsOfCalls } from '../memory/tool-lessons';
import { whatAGoalTeaches } from '../memory/what-a-goal-teaches';
import { PROPOSERS } from '../learning/proposers';
import { aFailure, someEvidence } from '../learning/testing/evidence';
import { blameOf, speaksOfTool } from './blame';
import type { Observation } from './observation';

const failure = (code: string, blame?: 'input' | 'tool'): Observation => ({
  ...{
    stepId: 's',
    tool: 'data.open',
    outcome: 'failure',
    evidence: [],
    factsAdded: [],
    factsRemoved: [],
    summary: '',
  },
  ...{ durationMs: 1, costUsd: 0, replayed: false },
  error: { kind: 'explicit', duration: 'permanent', code, message: 'm', ...(blame ? { blame } : {}) },
});

describe('the blame for a failure', () => {
  it('is what the tool says, else what the code stands for, else the tool', () => {
    expect(blameOf({ code: 'source.missing' })).toBe('input');
    expect(blameOf({ code: 'source.outside_roots' })).toBe('input');
    expect(blameOf({ code: 'tool.invalid_arguments' })).toBe('input');
    expect(blameOf({ code: 'goal.cancelled' })).toBe('world');
    expect(blameOf({ code: 'tool.defect' })).toBe('tool');
    expect(blameOf({ code: 'nothing' })).toBe('tool');
    expect(blameOf({ code: 'my.own', blame: 'input' })).toBe('input');
    expect(blameOf({ code: 'source.missing', blame: 'tool' })).toBe('tool');
    expect(speaksOfTool(null)).toBe(true);
  });

  it.each(['data.condition_unclear', 'data.unknown_value', 'data.no_rows_meet', 'data.no_rows', 'data.unknown_column'])(
    'is with what was asked for words and files that no tool can answer: %s',
    (code) => expect(blameOf({ code })).toBe('input'),
  );

  it('leaves the records of tools and ways alone where it is not theirs', () => {
    const places = new Map([['s', { context: 'source=.csv', tools: ['data.open'] }]]);
    expect(lessonsOfCalls([failure('source.missing')], false, places)).toEqual([]);
    expect(lessonsOfCalls([failure('tool.defect')], false, places)[0]).toMatchObject({ successes: 0, failures: 1 });
    const plan = { task: { name: 't', args: {} }, choices: [{ task: 't', method: 'm' }], steps: [] };
    const taught = (code: string) =>
      whatAGoalTeaches({
        plan: plan as unknown as Parameters<typeof whatAGoalTeaches>[0]['plan'],
        ...{ observations: [failure(code)], verified: false },
      }).methods;
    expect(taught('source.missing')).toEqual([]);
    expect(taught('tool.defect')).toEqual([{ task: 't', method: 'm', successes: 0, failures: 1 }]);
  });

  it('raises no rule and no record of reliability for forty typing errors', () => {
    const missing = {
      kind: 'explicit',
      duration: 'permanent',
      code: 'source.missing',
      template: '',
      signature: 'x',
    } as const;
    const goals = Array.from({ length: 40 }, () =>
      someEvidence({ verified: false, attempts: [aFailure({ error: missing })] }),
    );
    expect(PROPOSERS.avoid_rule.propose(goals, 1e9)).toEqual([]);
    expect(PROPOSERS.tool_reliability.propose(goals, 1e9)).toEqual([]);
    expect(PROPOSERS.error_recovery.propose(goals, 1e9)).toEqual([]);
    const own = goals.map((goal) => ({ ...goal, attempts: [aFailure()] }));
    expect(PROPOSERS.avoid_rule.propose(own, 1e9)).toHaveLength(1);
  });
});
