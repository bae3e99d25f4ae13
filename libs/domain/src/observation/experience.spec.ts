import type { ErrorRecovery, Lesson } from '../learning/lesson';
import type { PlanStep } from '../planning/plan';
import { analyseObservation, type AnalyseInput } from './analyse';
import { signatureOf } from './error-template';
import { anomaliesOf, measuresOf } from './measures';
import { observe } from './observe';
import type { Observation, ToolReport } from './observation';

const step: PlanStep = {
  ...{ id: 's#0', label: 's', summary: '', operator: 'o', lineage: 's', occurrence: 0, args: {} },
  ...{ after: [], when: [], adds: [], deletes: [] },
  tools: [
    { tool: 'a', args: {} },
    { tool: 'b', args: {} },
  ],
};
const see = (more: Partial<ToolReport>, expectsRows?: readonly string[]): Observation =>
  observe({
    ...{ step, tool: { name: 'a', costUsd: 0 }, summary: 'done', facts: [], replayed: false },
    report: { ok: true, output: { rows: [1, 2] }, error: null, evidence: [], durationMs: 20, ...more },
    ...(expectsRows ? { expectsRows } : {}),
  });
const busy = see({
  ok: false,
  output: null,
  error: { code: 'net.busy', message: 'queue 17 is busy', transient: true },
});
const gone = see({
  ok: false,
  output: null,
  error: { code: 'net.gone', message: 'host x.org is gone', transient: false },
});
type RecoveryLesson = Extract<Lesson, { kind: 'error_recovery' }>;
const aRecovery = (told: Partial<ErrorRecovery>): RecoveryLesson => ({
  ...{ id: `l-${told.recovery}`, kind: 'error_recovery', status: 'active' },
  body: {
    ...{ signature: signatureOf('net.busy', 'queue 3 is busy').id, template: '', tool: 'a' },
    ...{ recovery: 'alternative', successes: 5, failures: 0, ...told },
  },
});
const analyse = (observation: Observation, more: Partial<AnalyseInput> = {}) =>
  analyseObservation({
    ...{ stepCount: 4, step, observation, done: 1, maxSteps: 50, callsSoFar: 1 },
    attempts: [{ tool: 'a', failures: 1 }],
    ...more,
  });

describe('an empty result', () => {
  it.each([[[]], [0], [''], [null]])('%j where rows were promised is a silent failure', (rows) => {
    expect(see({ output: { rows } }, ['rows'])).toMatchObject({
      outcome: 'failure',
      error: { kind: 'silent', message: expect.stringContaining('output.rows is not empty') },
    });
  });

  it('is a result like any other where none were promised', () => {
    expect(see({ output: { rows: [] } }).outcome).toBe('success');
    expect(see({ output: { rows: [1] } }, ['rows']).outcome).toBe('success');
  });
});

describe('what earlier goals know of an error', () => {
  it('changes the order of the moves that are allowed', () => {
    expect(analyse(busy).next).toBe('retry');
    const taught = analyse(busy, { recoveries: [aRecovery({ recovery: 'alternative' })] });
    expect(taught).toMatchObject({ next: 'alternative', lessons: [{ id: 'l-alternative', changed: true }] });
    expect(taught.reason).toContain('lesson l-alternative: alternative helped 5 of 5 times');
    const bad = [aRecovery({ recovery: 'retry', successes: 0, failures: 6 })];
    expect(analyse(busy, { recoveries: bad }).next).toBe('alternative');
  });

  it('never brings in a move that is not allowed', () => {
    const signature = signatureOf('net.gone', 'host y.org is gone').id;
    const recoveries = (['retry', 'ask', 'give_up'] as const).map((recovery) => aRecovery({ recovery, signature }));
    expect(analyse(gone, { recoveries }).next).toBe('alternative');
    const tried = [
      { tool: 'a', failures: 1 },
      { tool: 'b', failures: 1 },
    ];
    expect(analyse(gone, { recoveries, attempts: tried }).next).toBe('replan');
    expect(analyse(busy, { recoveries: [aRecovery({})], callsSoFar: 50 }).next).toBe('give_up');
  });

  it.each([
    ['another error', { signature: 'other' }],
    ['another tool', { tool: 'b' }],
    ['too little', { successes: 1 }],
    ['what failed as often', { successes: 3, failures: 3 }],
  ])('leaves the order alone where it is about %s', (_, told) => {
    expect(analyse(busy, { recoveries: [aRecovery({ recovery: 'alternative', ...told })] }).next).toBe('retry');
  });

  it('is known again by its mined template', () => {
    const mined = aRecovery({ signature: 'mined', template: 'queue <n> is <*>' });
    expect(analyse(busy, { recoveries: [mined] }).next).toBe('alternative');
  });
});

describe('progress', () => {
  it('counts the verification that is still to come, and is whole only when nothing is left', () => {
    const predicates = { total: 1, held: 0 };
    const at = (done: number, held = 0) => analyse(see({}), { done, predicates: { ...predicates, held } }).progress;
    expect([at(1), at(3), at(4)]).toEqual([0.2, 0.6, 0.8]);
    expect(at(4, 1)).toBe(1);
    expect(analyse(see({}), { done: 4 })).toMatchObject({ next: 'finish', progress: 1 });
  });
});

describe('what is odd', () => {
  const samples = { $ms: [20, 22, 19, 21, 25, 30], $bytes: [14, 14, 15, 14, 14], rows: [2, 3, 2, 2, 3] };

  it('is told with the usual value, and decides nothing', () => {
    const odd = analyse(see({ output: { rows: Array.from({ length: 500 }, () => 1) }, durationMs: 9000 }), { samples });
    expect(odd.next).toBe('continue');
    expect(odd.anomalies?.map(({ measure, median }) => [measure, median])).toEqual([
      ['$ms', 21.5],
      ['$bytes', 14],
      ['rows', 2],
    ]);
    expect(analyse(see({}), { samples }).anomalies).toBeUndefined();
  });

  it('needs enough to compare with, and stands above the usual spread', () => {
    expect(anomaliesOf({ x: 1e9 }, { x: [1, 1, 1, 1] })).toEqual([]);
    expect(anomaliesOf({ x: 1e9 }, {})).toEqual([]);
    const wide = { x: [10, 500, 90, 1000, 30, 700] };
    expect(anomaliesOf({ x: 1500 }, wide)).toEqual([]);
    expect(anomaliesOf({ x: 105 }, { x: [100, 100, 100, 100, 100] })).toEqual([]);
    expect(anomaliesOf({ x: 140 }, { x: [100, 100, 100, 100, 100] })).toEqual([
      { measure: 'x', value: 140, median: 100, score: 8 },
    ]);
  });

  it('is measured in a bounded number of values', () => {
    const output = {
      z: 1,
      list: [1, 2, 3],
      deep: { n: 4.123456, deeper: { n: 5 } },
      text: 'x',
      a: 1,
      b: 2,
      c: 3,
      d: 4,
    };
    const measures = measuresOf(output, 12);
    expect(measures).toEqual({
      $ms: 12,
      $bytes: JSON.stringify(output).length,
      a: 1,
      b: 2,
      c: 3,
      d: 4,
      'deep.n': 4.123,
      list: 3,
    });
  });
});
