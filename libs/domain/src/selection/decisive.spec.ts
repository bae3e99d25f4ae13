import { array, assert, constantFrom, double, integer, property, record } from 'fast-check';
import { aStat, aStep, aTool, choose, chooseWith, learnedFrom } from './testing/choices';

const seed = Number(process.env.GK_SEED ?? 20261123);

it('flipping the factor that is named as decisive flips the choice, to the tool that is named', () => {
  const known = record({
    tools: array(
      record({
        costUsd: double({ min: 0, max: 0.5, noNaN: true }),
        boundMs: integer({ min: 1, max: 200_000 }),
        effect: constantFrom('pure' as const, 'idempotent' as const, 'transactional' as const, 'once' as const),
        successes: integer({ min: 0, max: 40 }),
        failures: integer({ min: 0, max: 40 }),
      }),
      { minLength: 2, maxLength: 4 },
    ),
    goal: integer({ min: 0, max: 1000 }),
    arm: constantFrom('on' as const, 'off' as const),
  });
  assert(
    property(known, ({ tools, goal, arm }) => {
      const names = tools.map((_, index) => `t${index}`);
      const { chosen, candidates, decisive } = choose({
        ...{ goalId: `g${goal}`, step: aStep(names), learned: learnedFrom([], arm) },
        tools: tools.map(({ costUsd, boundMs, effect }, index) => aTool(`t${index}`, { costUsd, boundMs, effect })),
        stats: tools.map(({ successes, failures }, index) => aStat(`t${index}`, successes, failures)),
      });
      if (!decisive) throw new Error('a choice between open candidates has a decisive factor');
      const { bindingIndex, factor, flipsAt, insteadIndex } = decisive;
      expect(bindingIndex).toBe(chosen?.bindingIndex);
      const beyond = factor === 'p' ? -1e-6 : 1e-3;
      const at = (value: number) => chooseWith(candidates, { bindingIndex, factor, value });
      expect(at(decisive.value)).toBe(bindingIndex);
      expect(at(flipsAt - beyond)).toBe(bindingIndex);
      expect(at(flipsAt + beyond)).toBe(insteadIndex);
    }),
    { seed, numRuns: 500 },
  );
});

it('has nothing to name where one candidate is left', () => {
  expect(choose({ step: aStep(['a']) }).decisive).toBeNull();
  expect(choose({ banned: ['a', 'b'] }).decisive).toBeNull();
});
