import { array, assert, constantFrom, double, integer, property, record } from 'fast-check';
import { betaCdf, betaQuantile } from './beta';
import { contextOf } from './context';
import { drawOf } from './draw';
import { aLessonOf, aStat, aStep, aTool, choose, learnedFrom } from './testing/choices';

const seed = Number(process.env.GK_SEED ?? 20261123);
const count = double({ min: 0, max: 60, noNaN: true });
const step = aStep(['a', 'b'], { args: { source: 'weather.csv' } });
const context = contextOf(step);

describe('the probability of success', () => {
  it("a success never lowers that action's probability of success", () => {
    const records = record({
      whole: array(count, { minLength: 2, maxLength: 2 }),
      here: array(count, { minLength: 2, maxLength: 2 }),
      lesson: array(count, { minLength: 2, maxLength: 2 }),
      of: constantFrom('', context),
      arm: constantFrom('on' as const, 'off' as const),
      goal: integer({ min: 0, max: 1000 }),
      wasHere: constantFrom(true, false),
    });
    assert(
      property(records, ({ whole, here, lesson, of, arm, goal, wasHere }) => {
        const reliability = {
          ...{ tool: 'a', context: of, successes: lesson[0] ?? 0, failures: lesson[1] ?? 0 },
          ...{ meanLogMs: 0, varLogMs: 0, meanCostUsd: 0 },
        };
        const learned = learnedFrom([aLessonOf('tool_reliability', reliability)], arm);
        const look = (more: number) => {
          const stats = [
            aStat('a', (whole[0] ?? 0) + more, whole[1] ?? 0),
            aStat('a', (here[0] ?? 0) + (wasHere ? more : 0), here[1] ?? 0, { context }),
          ];
          const decision = choose({ goalId: `g${goal}`, step, stats, learned });
          const factors = decision.candidates[0]?.factors;
          if (!factors) throw new Error('gated');
          return factors;
        };
        const [before, after] = [look(0), look(1)];
        expect(after.mean).toBeGreaterThanOrEqual(before.mean - 1e-12);
        expect(after.p).toBeGreaterThanOrEqual(before.p - 1e-9);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('is that of the context where it is known, of the tool where it is not, of all tools before any call', () => {
    const mean = (stats: readonly ReturnType<typeof aStat>[]) => choose({ step, stats }).candidates[0]?.factors?.mean;
    expect(mean([])).toBeCloseTo(4 / 5, 12);
    expect(mean([aStat('a', 0, 35)])).toBeCloseTo(4 / 40, 12);
    const both = [aStat('a', 20, 20), aStat('a', 20, 0, { context })];
    expect(mean(both)).toBeCloseTo((4 * (24 / 45) + 20) / 24, 12);
    expect(mean([aStat('a', 20, 20), aStat('a', 20, 0, { context: 'source=.json' })])).toBeCloseTo(24 / 45, 12);
  });

  it('samples a Beta distribution: its quantiles are those that integration finds', () => {
    for (const [a, b] of [
      [4, 1],
      [1, 1],
      [44, 3.5],
      [0.8, 7.2],
      [300, 200],
    ] as const) {
      const steps = 200_000;
      const density = (x: number) => (a - 1) * Math.log(x) + (b - 1) * Math.log(1 - x);
      const peak = Math.max(...Array.from({ length: 999 }, (_, n) => density((n + 1) / 1000)));
      const weights = Array.from({ length: steps }, (_, n) => Math.exp(density((n + 0.5) / steps) - peak));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (const u of [0.05, 0.3, 0.5, 0.9]) {
        const x = betaQuantile(u, a, b);
        const below = weights.slice(0, Math.round(x * steps)).reduce((sum, weight) => sum + weight, 0) / total;
        expect([a, b, u, below]).toEqual([a, b, u, expect.closeTo(u, 2)]);
        expect(betaCdf(x, a, b)).toBeCloseTo(u, 8);
      }
    }
  });

  it('draws evenly', () => {
    const draws = Array.from({ length: 4000 }, (_, n) => drawOf(`goal-${n} step tool`));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = draws.filter((draw) => Math.floor(draw * 10) === tenth).length / draws.length;
      expect([tenth, share]).toEqual([tenth, expect.closeTo(0.1, 1)]);
      expect(Math.abs(share - 0.1)).toBeLessThan(0.025);
    }
  });
});

describe('exploring', () => {
  const stats = [aStat('a', 12, 3)];
  const input = (goal: number, more: object = {}) =>
    choose({ goalId: `g${goal}`, stats, learned: learnedFrom([]), ...more });
  const shareOfB = (more: object = {}) =>
    Array.from({ length: 400 }, (_, goal) => input(goal, more)).filter(({ chosen }) => chosen?.tool === 'b').length /
    400;

  it('gives what is little known its turn, less often the better the other one is known to be', () => {
    const share = shareOfB();
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
    expect(shareOfB({ stats: [aStat('a', 39, 0.5)] })).toBeLessThan(share - 0.1);
  });

  it('decides the same for the same goal, and stores what it drew', () => {
    expect(input(7)).toEqual(input(7));
    const { candidates, explored, confidence } = input(7);
    expect(explored).toBe(true);
    for (const { factors } of candidates) {
      if (!factors) throw new Error('gated');
      const [a, b] = [factors.priorSuccesses + factors.successes, factors.priorFailures + factors.failures];
      expect(betaCdf(factors.p, a, b)).toBeCloseTo(factors.draw, 6);
    }
    expect(confidence).toBe(candidates.find(({ tool }) => tool === input(7).chosen?.tool)?.factors?.mean);
  });

  it.each([
    ['for what happens once', { tools: [aTool('a', { effect: 'once' }), aTool('b', { effect: 'once' })] }],
    ['with learning off', { learned: learnedFrom([], 'off') }],
    ['before anything was tried', { stats: [] }],
    ['where nobody decides about learning', { learned: undefined }],
    ['without a choice', { step: aStep(['a']) }],
  ])('does not happen %s', (_, more) => {
    const decisions = Array.from({ length: 50 }, (_unused, goal) => input(goal, more));
    expect(new Set(decisions.map(({ chosen }) => chosen?.tool)).size).toBe(1);
    expect(decisions.flatMap(({ candidates }) => candidates.map(({ factors }) => factors?.draw))).toEqual(
      expect.arrayContaining([0]),
    );
  });

  it('with learning off knows the prior alone', () => {
    const { candidates } = input(1, { learned: learnedFrom([], 'off'), stats: [aStat('a', 0, 30)] });
    expect(candidates.map(({ factors }) => factors?.p)).toEqual([0.8, 0.8]);
  });
});
