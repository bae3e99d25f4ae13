import { seededRandom } from './chance';

describe('chance from a seed', () => {
  it('is the same for the same seed: the first numbers of mulberry32', () => {
    const next = seededRandom(1);
    // Made with the published C code: state 1, three draws of 32 bits.
    expect([next(), next(), next()].map((share) => share * 2 ** 32)).toEqual([
      2_693_262_067, 11_749_833, 2_265_367_787,
    ]);
  });

  it('is evenly spread over [0, 1)', () => {
    const next = seededRandom(2026);
    const tenths = new Map<number, number>();
    for (let draw = 0; draw < 100_000; draw += 1) {
      const tenth = Math.floor(next() * 10);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    expect([...tenths.keys()].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const chiSquare = [...tenths.values()].reduce((sum, seen) => sum + (seen - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.88); // 9 degrees of freedom: one fair source in a thousand is worse
  });
});
