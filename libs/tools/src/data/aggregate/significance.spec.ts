import fc from 'fast-check';
import { seededRandom } from '@goalkeeper/domain';
import { chiSquaredTail, correlationP, findingLimit, groupsP, incompleteBeta, rankGroupsP } from './significance';

describe('tests against chance', () => {
  // Quantiles from printed tables: chi² 0.95 with 1, 5, 30 degrees; F(2, 27) at 3.354; t(18) at 2.101.
  it('agree with printed tables', () => {
    expect(chiSquaredTail(3.841459, 1)).toBeCloseTo(0.05, 6);
    expect(chiSquaredTail(11.0705, 5)).toBeCloseTo(0.05, 5);
    expect(chiSquaredTail(43.773, 30)).toBeCloseTo(0.05, 5);
    const f = 3.354131;
    expect(groupsP((2 * f) / (2 * f + 27), 30, 3)).toBeCloseTo(0.05, 6);
    const t = 2.100922;
    expect(correlationP(t / Math.hypot(t, Math.sqrt(18)), 20)).toBeCloseTo(0.05, 6);
    expect(incompleteBeta(0.5, 2, 2)).toBeCloseTo(0.5, 12);
  });

  it('take a small share of the variance of few values for chance, and of many for none', () => {
    expect(groupsP(0.018, 180, 4)).toBeGreaterThan(0.3);
    expect(groupsP(0.018, 18_000, 4)).toBeLessThan(1e-9);
    expect(rankGroupsP(0.018, 180, 4)).toBeGreaterThan(0.3);
  });

  it('are evenly spread where there is only chance', () => {
    const random = seededRandom(20_260_101);
    const found = Array.from({ length: 2000 }, () => {
      const values = Array.from({ length: 60 }, (_, index) => ({ group: index % 3, value: random() }));
      const mean = (some: { value: number }[]): number => some.reduce((sum, { value }) => sum + value, 0) / some.length;
      const all = mean(values);
      const total = values.reduce((sum, { value }) => sum + (value - all) ** 2, 0);
      const between = [0, 1, 2].reduce(
        (sum, one) => sum + 20 * (mean(values.filter(({ group }) => group === one)) - all) ** 2,
        0,
      );
      return groupsP(between / total, 60, 3);
    });
    expect(found.filter((p) => p < 0.05).length / found.length).toBeCloseTo(0.05, 1);
    expect(found.filter((p) => p < 0.5).length / found.length).toBeCloseTo(0.5, 1);
  });

  it('lie between 0 and 1 and fall with the effect', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.integer({ min: 5, max: 5000 }), (one, other, n) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        for (const p of [groupsP(less, n, 4), rankGroupsP(less, n, 4), correlationP(less, n)]) {
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1 + 1e-9);
        }
        expect(groupsP(more, n, 4)).toBeLessThanOrEqual(groupsP(less, n, 4) + 1e-9);
      }),
    );
  });

  it('allow fewer findings the more comparisons were made', () => {
    expect(findingLimit([0.04])).toBe(0.04);
    expect(findingLimit([0.04, 0.5, 0.6, 0.7])).toBe(0);
    expect(findingLimit([0.001, 0.02, 0.03, 0.9])).toBe(0.03);
    expect(findingLimit([])).toBe(0);
  });
});
