import { assert, boolean, constantFrom, integer, option, property, record } from 'fast-check';
import type { ErrorRecovery, Lesson } from '../learning/lesson';
import type { PlanStep } from '../planning/plan';
import { analyseObservation, type AnalyseInput } from './analyse';
import { foregoneMove } from './foregone';
import type { Observation, Outcome } from './observation';

const TOOLS = ['a', 'b', 'c'];
const OUTCOMES: readonly Outcome[] = ['success', 'partial', 'failure', 'uncertain'];

const aStep = (tools: readonly string[]): PlanStep => ({
  ...{ id: 's#0', label: 's', summary: '', operator: 'o', lineage: 's', occurrence: 0, args: {} },
  ...{ after: [], when: [], adds: [], deletes: [] },
  tools: tools.map((tool) => ({ tool, args: {} })),
});

type RecoveryLesson = Extract<Lesson, { kind: 'error_recovery' }>;
const aLesson = (recovery: ErrorRecovery['recovery'], counts: [number, number]): RecoveryLesson => ({
  ...{ id: `l-${recovery}`, kind: 'error_recovery', status: 'active' },
  body: { signature: 'sig', template: '', tool: 'a', recovery, successes: counts[0], failures: counts[1] },
});

/** Inputs of every kind: small numbers, so that limits are met, and all that an analysis may be told besides. */
const inputs = record({
  stepCount: integer({ min: 0, max: 6 }),
  done: integer({ min: 0, max: 6 }),
  maxSteps: integer({ min: 0, max: 6 }),
  callsSoFar: integer({ min: 0, max: 6 }),
  outcome: constantFrom(...OUTCOMES),
  transient: boolean(),
  hasError: boolean(),
  others: integer({ min: 0, max: 3 }),
  failures: integer({ min: 0, max: 5 }),
  predicates: option(record({ total: integer({ min: 0, max: 3 }), held: integer({ min: 0, max: 3 }) })),
  contradicts: option(constantFrom('', 'the file is gone')),
  recovery: option(constantFrom<ErrorRecovery['recovery']>('retry', 'alternative', 'replan', 'ask', 'give_up')),
  worked: integer({ min: 0, max: 9 }),
  sample: option(integer({ min: 0, max: 1000 })),
}).map((told): AnalyseInput => {
  const { stepCount, done, maxSteps, callsSoFar } = told;
  const duration = told.transient ? ('transient' as const) : ('permanent' as const);
  const error = told.hasError ? { kind: 'explicit' as const, duration, code: 'x', message: 'm' } : null;
  const observation: Observation = {
    ...{ stepId: 's#0', tool: 'a', outcome: told.outcome, error, evidence: [], factsAdded: [], factsRemoved: [] },
    ...{ summary: '', durationMs: 1, costUsd: 0, replayed: false, measures: { $ms: 1, rows: 400 } },
    signature: { id: 'sig', template: '' },
  };
  return {
    ...{ stepCount, done, maxSteps, callsSoFar, observation, step: aStep(TOOLS.slice(0, told.others)) },
    attempts: [{ tool: 'a', failures: told.failures }],
    contradicts: told.contradicts,
    ...(told.predicates ? { predicates: told.predicates } : {}),
    ...(told.recovery ? { recoveries: [aLesson(told.recovery, [told.worked, 9 - told.worked])] } : {}),
    ...(told.sample === null ? {} : { samples: { rows: Array<number>(6).fill(told.sample) } }),
  };
});

describe('a move that is settled before the analysis', () => {
  it('is the one that the analysis chooses, and nothing is waited for', () => {
    const seen = { continue: 0, finish: 0, open: 0 };
    assert(
      property(inputs, (input) => {
        const settled = foregoneMove(input);
        seen[settled ?? 'open'] += 1;
        if (settled === null) return;
        expect(input.observation.outcome).toBe('success');
        const { next, retryAfterMs, lessons } = analyseObservation(input);
        expect({ next, retryAfterMs, lessons }).toEqual({ next: settled, retryAfterMs: 0, lessons: undefined });
      }),
      { numRuns: 5_000, seed: 20261123 },
    );
    expect(Math.min(seen.continue, seen.finish, seen.open)).toBeGreaterThan(100);
  });

  it('is every success that leads on: none of those is left to the analysis', () => {
    assert(
      property(inputs, (input) => {
        const { next } = analyseObservation(input);
        const leadsOn = input.observation.outcome === 'success' && (next === 'continue' || next === 'finish');
        expect(foregoneMove(input)).toBe(leadsOn ? next : null);
      }),
      { numRuns: 5_000, seed: 20261124 },
    );
  });
});
