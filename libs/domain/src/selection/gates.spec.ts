import { array, assert, boolean, constantFrom, double, property, record } from 'fast-check';
import { aLessonOf, aStat, aStep, aTool, choose, learnedFrom } from './testing/choices';

const seed = Number(process.env.GK_SEED ?? 20261123);
const failing = (times: number, secondsAgo: number) =>
  aStat('a', 30, 0, { failing: times, failedSecondsAgo: secondsAgo });

describe('gates', () => {
  it('an unmet prerequisite is never chosen', () => {
    const known = record({
      successes: double({ min: 0, max: 1e6, noNaN: true }),
      holds: boolean(),
      denied: boolean(),
      isCostly: boolean(),
      banned: constantFrom<readonly string[]>([], ['a'], ['b'], ['a', 'b']),
      facts: array(constantFrom('key', 'lamp', 'rope'), { maxLength: 2 }),
      arm: constantFrom('on' as const, 'off' as const),
    });
    assert(
      property(known, ({ successes, denied, isCostly, banned, facts, arm }) => {
        const step = aStep(['a', 'b'], { when: [{ predicate: 'key', args: [] }] });
        const decision = choose({
          ...{ step, banned, learned: learnedFrom([], arm), budgetLeftUsd: 1 },
          stats: [aStat('a', successes, 0), aStat('b', successes, 0)],
          tools: [aTool('a', { costUsd: isCostly ? 2 : 0 }), aTool('b')],
          denied: denied ? [{ tool: 'b', reason: 'not for this tenant' }] : [],
          facts: facts.map((predicate) => ({ predicate, args: [] })),
        });
        const shut = (tool: string) => decision.candidates.find((one) => one.tool === tool);
        if (!facts.includes('key')) expect(decision).toMatchObject({ chosen: null, confidence: 0 });
        if (decision.chosen) {
          expect(shut(decision.chosen.tool)?.gates).toEqual([]);
          expect([banned.includes(decision.chosen.tool), facts.includes('key')]).toEqual([false, true]);
          expect([denied && 'b', isCostly && 'a']).not.toContain(decision.chosen.tool);
        }
        for (const { gates, score } of decision.candidates) expect(gates.length > 0).toBe(score === null);
      }),
      { seed, numRuns: 500 },
    );
  });

  it.each([
    ['permission', { denied: [{ tool: 'a', reason: 'no mails from this goal' }] }, 'no mails from this goal'],
    [
      'budget',
      { tools: [aTool('a', { costUsd: 0.5 }), aTool('b')], budgetLeftUsd: 0.2 },
      'it costs $0.5 and $0.2 is left',
    ],
    ['circuit', { stats: [failing(5, 10)] }, 'it failed 5 times in a row and rests for another 50 s'],
  ])('%s beats any score and says why', (gate, more, reason) => {
    const decision = choose({ stats: [aStat('a', 1000, 0)], ...more });
    expect(decision.chosen?.tool).toBe('b');
    expect(decision.candidates[0]).toMatchObject({ score: null, gates: [{ gate, reason }] });
    expect(decision.reason).toContain(`a is out: ${reason}.`);
  });

  it('a circuit closes after its pause, which doubles with each failure up to an hour', () => {
    const gatesAt = (times: number, secondsAgo: number) =>
      choose({ stats: [failing(times, secondsAgo)] }).candidates[0]?.gates.length;
    expect([gatesAt(4, 0), gatesAt(5, 59), gatesAt(5, 61), gatesAt(7, 239), gatesAt(7, 241)]).toEqual([0, 1, 0, 1, 0]);
    expect([gatesAt(60, 3599), gatesAt(60, 3601)]).toEqual([1, 0]);
  });

  it('a circuit shuts nothing where no other tool is left', () => {
    expect(choose({ step: aStep(['a']), stats: [failing(9, 1)] }).chosen?.tool).toBe('a');
    expect(choose({ stats: [failing(9, 1)], banned: ['b'] }).chosen?.tool).toBe('a');
  });

  it('of lessons only what fits tool, context, time and facts takes part, by an amount that is told', () => {
    const rule = {
      ...{ tool: 'a', context: '', facts: [{ predicate: 'night', args: [] }], failures: 4, penalty: 0.3 },
      expiresAt: '2026-01-02T00:00:00Z',
    };
    const learned = learnedFrom([aLessonOf('avoid_rule', rule, 'l1')]);
    const facts = [{ predicate: 'night', args: [] }];
    const at = (iso: string, holds = facts) => choose({ learned, facts: holds, nowMs: Date.parse(iso) });
    const taken = at('2026-01-01T23:59:59Z');
    expect(taken.chosen?.tool).toBe('b');
    expect(taken.candidates[0]?.lessons).toEqual([{ id: 'l1', kind: 'avoid_rule', change: expect.closeTo(-0.3, 12) }]);
    expect(taken.at).toBe('2026-01-01T23:59:59.000Z');
    expect(taken.reason).toContain('avoid rule l1 (a −0.3)');
    expect(at('2026-01-02T00:00:00Z').chosen?.tool).toBe('a');
    expect(at('2026-01-01T00:00:00Z', []).candidates[0]?.lessons).toBeUndefined();
    expect(choose({ learned: { ...learned, arm: 'off' }, facts }).chosen?.tool).toBe('a');
  });

  it('a precondition that lessons suspect lowers p until it holds', () => {
    const repair = {
      ...{ operator: 'fetch', heldInSuccesses: 9, lackedInFailures: 9 },
      missing: { predicate: 'open', args: ['$door'] },
    };
    const learned = learnedFrom([aLessonOf('operator_repair', repair, 'l2')]);
    const step = aStep(['a'], { args: { door: 'north' } });
    const unmet = choose({ learned, step, nowMs: 0 });
    const met = choose({ learned, step, facts: [{ predicate: 'open', args: ['north'] }] });
    expect(met.candidates[0]?.factors).toMatchObject({ repair: 1, p: 0.8 });
    expect(unmet.candidates[0]?.factors?.p).toBeCloseTo(0.8 * (1 - (0.6 * 9) / 12), 12);
    expect(unmet.candidates[0]?.lessons?.[0]).toMatchObject({ id: 'l2', change: expect.closeTo(-0.8 * 0.45, 12) });
  });

  it('too low a confidence is said, with what to do about it', () => {
    const adviceWith = (effect: 'once' | 'pure', stats = [aStat('a', 0, 30)]) =>
      choose({ step: aStep(['a']), tools: [aTool('a', { effect })], stats }).advice;
    expect([adviceWith('once'), adviceWith('pure'), adviceWith('pure', [])]).toEqual(['ask', 'replan', undefined]);
    const suspicion = ['x', 'y', 'z'].map((name) =>
      aLessonOf('operator_repair', {
        ...{ operator: 'fetch', heldInSuccesses: 9, lackedInFailures: 90 },
        missing: { predicate: name, args: [] },
      }),
    );
    expect(choose({ step: aStep(['a']), learned: learnedFrom(suspicion) }).advice).toBe('gather');
  });
});
