import { liftOf, type ReportGoal } from './report-lift';

const goals = (arm: 'on' | 'off', verified: number, failed: number, task = 't'): ReportGoal[] =>
  Array.from({ length: verified + failed }, (_, n) => ({ task, arm, verified: n < verified, calls: 3 + (n % 2) }));

it('the interval of the gain is known for shares of 0 and 1 too (Newcombe 1998, table II)', () => {
  const of = (a: number, m: number, b: number, n: number) =>
    liftOf([...goals('on', a, m - a), ...goals('off', b, n - b)], 's').verifiedGain;
  expect(of(56, 70, 48, 80)).toMatchObject({ low: expect.closeTo(0.0524, 3), high: expect.closeTo(0.3339, 3) });
  expect(of(9, 10, 3, 10)).toMatchObject({ low: expect.closeTo(0.1705, 3), high: expect.closeTo(0.809, 3) });
  expect(of(10, 10, 0, 10)).toMatchObject({ low: expect.closeTo(0.6075, 3), high: 1 });
  const same = of(3, 3, 2, 2);
  expect([same!.low < -0.3, same!.high > 0.3]).toEqual([true, true]);
});

it('says nothing of calls saved while few goals have been seen, or none of the same task', () => {
  expect(liftOf([...goals('on', 40, 0), ...goals('off', 7, 0)], 's').callsSaved).toBeNull();
  expect(liftOf([...goals('on', 40, 0), ...goals('off', 40, 0, 'u')], 's').callsSaved).toBeNull();
  expect(liftOf([...goals('on', 40, 0), ...goals('off', 7, 9)], 's').callsSaved).toBeNull();
  expect(liftOf([...goals('on', 40, 0), ...goals('off', 8, 0)], 's').callsSaved).not.toBeNull();
});
