import fc from 'fast-check';
import { ToolFailure } from '../../definition';
import type { Profile } from '../model';
import { editDistance, findColumn } from './find-column';
import { niceWidth } from './relations';
import { explainedVariance } from './variance';

describe('explained variance', () => {
  it('is all where groups differ and nothing differs inside of them, and none where the means agree', () => {
    expect(
      explainedVariance([
        { count: 2, mean: 1, variance: 0 },
        { count: 2, mean: 3, variance: 0 },
      ])?.eta,
    ).toBe(1);
    expect(
      explainedVariance([
        { count: 2, mean: 1, variance: 4 },
        { count: 3, mean: 1, variance: 2 },
      ])?.eta,
    ).toBe(0);
  });

  it('is unknown for one group, for as many groups as values, and without variance', () => {
    expect(
      explainedVariance([
        { count: 9, mean: 1, variance: 1 },
        { count: 0, mean: 0, variance: 0 },
      ]),
    ).toBeNull();
    expect(
      explainedVariance([
        { count: 1, mean: 1, variance: 0 },
        { count: 1, mean: 2, variance: 0 },
      ]),
    ).toBeNull();
    expect(
      explainedVariance([
        { count: 5, mean: 1, variance: 0 },
        { count: 5, mean: 1, variance: 0 },
      ]),
    ).toBeNull();
  });

  it('lies between 0 and 1, and its correction never above it', () => {
    const group = fc.record({
      count: fc.integer({ min: 0, max: 50 }),
      mean: fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      variance: fc.double({ min: 0, max: 1e4, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 8 }), (groups) => {
        const explained = explainedVariance(groups);
        if (!explained) return;
        expect(explained.eta).toBeGreaterThanOrEqual(0);
        expect(explained.eta).toBeLessThanOrEqual(1);
        expect(explained.epsilon).toBeLessThanOrEqual(explained.eta);
      }),
    );
  });
});

describe('the width of buckets', () => {
  it('is one, two or five times a power of ten, and whole for whole numbers', () => {
    expect([
      niceWidth(100, 24, false),
      niceWidth(1, 24, false),
      niceWidth(7, 24, true),
      niceWidth(0, 24, false),
    ]).toEqual([5, 0.05, 1, 1]);
  });

  it('cuts a span into no more parts than asked for', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (span) => span / niceWidth(span, 24, false) <= 24.1),
    );
  });
});

describe('finding a column', () => {
  const profile = { columns: ['Unit Price', 'unit_count', 'Region'].map((name) => ({ name })) } as unknown as Profile;

  it('disregards case, spaces and underscores', () => {
    expect(findColumn(profile, 'unit_price').name).toBe('Unit Price');
  });

  it('names the nearest when there is none', () => {
    expect(() => findColumn(profile, 'regoin')).toThrow(ToolFailure);
    expect(() => findColumn(profile, 'regoin')).toThrow(/nearest are "Region"/);
  });

  it('counts the letters to change', () => {
    expect([editDistance('kitten', 'sitting'), editDistance('', 'abc'), editDistance('same', 'same')]).toEqual([
      3, 3, 0,
    ]);
  });
});
