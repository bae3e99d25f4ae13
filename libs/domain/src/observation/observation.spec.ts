import type { JsonObject } from '../json';
import type { PlanStep } from '../planning/plan';
import { analyseObservation, MAX_RETRIES, type AnalyseInput } from './analyse';
import { neededPaths } from '../planning/needed-paths';
import { observe, valueAt } from './observe';
import type { Observation, ToolReport } from './observation';

const step: PlanStep = {
  id: 's#0',
  label: 's',
  summary: '',
  operator: 'o',
  lineage: 's',
  occurrence: 0,
  args: {},
  after: [],
  when: [],
  tools: [
    { tool: 'a', args: {} },
    { tool: 'b', args: {} },
  ],
  adds: [{ predicate: 'done', args: [1] }],
  deletes: [{ predicate: 'todo', args: [1] }],
};
const report = (more: Partial<ToolReport> = {}): ToolReport => ({
  ok: true,
  output: { rows: 3 },
  error: null,
  evidence: [],
  durationMs: 5,
  ...more,
});
const see = (more: Partial<ToolReport> = {}, needs: string[] = []): Observation =>
  observe({
    step,
    tool: { name: 'a', costUsd: 0.01 },
    report: report(more),
    summary: 'three rows',
    facts: [{ predicate: 'rows', args: [3] }],
    replayed: false,
    needs,
  });
const failed = (transient: boolean, uncertain = false): Partial<ToolReport> => ({
  ok: false,
  output: null,
  error: { code: 'net.reset', message: 'connection reset', transient, uncertain },
});

describe('observing', () => {
  it('takes a success with its facts: those of the operator and those of the result', () => {
    expect(see()).toMatchObject({
      outcome: 'success',
      error: null,
      summary: 'three rows',
      costUsd: 0.01,
      factsAdded: [
        { predicate: 'done', args: [1] },
        { predicate: 'rows', args: [3] },
      ],
      factsRemoved: [{ predicate: 'todo', args: [1] }],
    });
  });

  it.each([true, false])('types a reported error as explicit, transient: %s', (transient) => {
    expect(see(failed(transient))).toMatchObject({
      outcome: 'failure',
      factsAdded: [],
      factsRemoved: [],
      summary: 'net.reset: connection reset',
      error: { kind: 'explicit', duration: transient ? 'transient' : 'permanent', code: 'net.reset' },
    });
  });

  it('is uncertain where the effect of an error is not known', () => {
    expect(see(failed(false, true)).outcome).toBe('uncertain');
  });

  it.each<[string, Partial<ToolReport>]>([
    ['a check that does not hold', { evidence: [{ check: 'rows add up', holds: false, seen: '2 of 3' }] }],
    ['no output', { output: null }],
    ['an error field', { output: { error: 'disk full' } }],
    ['an exit code', { output: { exitCode: 2 } }],
    ['an HTTP error', { output: { httpStatus: 404 } }],
  ])('sees through a claimed success with %s', (_, more) => {
    expect(see(more)).toMatchObject({
      outcome: 'failure',
      error: { kind: 'silent', duration: 'permanent', code: 'result.contradicted' },
      factsAdded: [],
    });
  });

  it('takes no word in a text for an outcome', () => {
    expect(
      see({ output: { text: 'ERROR: fatal failure, exit code 1', error: null, exitCode: 0, httpStatus: 200 } }).outcome,
    ).toBe('success');
  });

  it('takes 5xx as something that may pass', () => {
    expect(see({ output: { httpStatus: 503 } }).error).toMatchObject({ kind: 'silent', duration: 'transient' });
  });

  it('misses what later steps need', () => {
    expect(see({}, ['rows', 'table.id']).error?.message).toBe('output.table.id is present, but nothing was seen');
    expect(see({}, ['rows', '']).outcome).toBe('success');
    expect(see({ output: { rows: null } }, ['rows']).outcome).toBe('success');
  });

  it('calls a truncated output partial', () => {
    expect(see({ output: { truncated: true } }).outcome).toBe('partial');
  });

  it('cuts a long summary to 200 characters', () => {
    const long = observe({
      step,
      tool: { name: 'a', costUsd: 0 },
      report: report(),
      summary: 'x'.repeat(500),
      facts: [],
      replayed: true,
    });
    expect(long.summary).toHaveLength(200);
  });

  it('finds the paths that other steps refer to', () => {
    const user = (args: JsonObject): PlanStep => ({ ...step, id: 'u', tools: [{ tool: 'a', args }] });
    const from = (id: string, path: string) => ({ $from: { step: id, path } });
    const plan = { steps: [step, user({ x: [from('s#0', 'b.c'), from('s#0', 'a')], y: { z: from('other', 'q') } })] };
    expect(neededPaths(plan as never, 's#0')).toEqual(['a', 'b.c']);
    expect(valueAt({ a: [{ b: 0 }] }, 'a.0.b')).toBe(0);
    expect(valueAt({ a: 1 }, 'constructor')).toBeUndefined();
    expect(valueAt({ a: 'text' }, 'a.0')).toBeUndefined();
  });
});

describe('analysing', () => {
  const analyse = (observation: Observation, more: Partial<AnalyseInput> = {}) =>
    analyseObservation({
      stepCount: 4,
      step,
      observation,
      done: 1,
      attempts: [],
      maxSteps: 50,
      callsSoFar: 1,
      ...more,
    });

  it('goes on after a success and finishes when all is done', () => {
    expect(analyse(see())).toMatchObject({ next: 'continue', progress: 0.25 });
    expect(analyse(see(), { done: 4 })).toMatchObject({ next: 'finish', progress: 1 });
    expect(analyse(see(), { done: 4, callsSoFar: 50 }).next).toBe('finish');
    expect(analyse(see(), { done: 3, callsSoFar: 50 }).next).toBe('give_up');
  });

  it('repeats what may pass after 1, 2 and 4 seconds, then takes another tool', () => {
    const moves = [1, 2, 3, 4].map((failures) => analyse(see(failed(true)), { attempts: [{ tool: 'a', failures }] }));
    expect(moves.map(({ next, retryAfterMs }) => [next, retryAfterMs])).toEqual([
      ['retry', 1000],
      ['retry', 2000],
      ['retry', 4000],
      ['alternative', 0],
    ]);
    expect(MAX_RETRIES).toBe(3);
  });

  it('takes another tool after a permanent failure, plans anew when none is left', () => {
    expect(analyse(see(failed(false)), { attempts: [{ tool: 'a', failures: 1 }] })).toMatchObject({
      next: 'alternative',
      reason: expect.stringContaining('b can do'),
    });
    expect(
      analyse(see(failed(false)), {
        attempts: [
          { tool: 'b', failures: 1 },
          { tool: 'a', failures: 1 },
        ],
      }).next,
    ).toBe('replan');
  });

  it('asks when it is not known whether something happened, even out of calls', () => {
    expect(analyse(see(failed(true, true)), { callsSoFar: 50 }).next).toBe('ask');
  });

  it('gives up at the limit of calls', () => {
    expect(analyse(see(failed(true)), { callsSoFar: 50 })).toMatchObject({
      next: 'give_up',
      reason: expect.stringContaining('limit of 50 calls'),
    });
  });
});
