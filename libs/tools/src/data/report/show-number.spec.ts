import fc from 'fast-check';
import { isRoundingOf } from '../verify/number-text';
import { showDecimal, showShare, showWhole } from './show-number';

it.each([
  [showWhole(0), '0'],
  [showWhole(-1234567), '-1,234,567'],
  [showDecimal(1234.5), '1,235'],
  [showDecimal(123.456), '123.5'],
  [showDecimal(-6.4), '-6.40'],
  [showDecimal(0.012345), '0.0123'],
  [showDecimal(3), '3'],
  [showDecimal(1.2e-7), '1.20e-7'],
  [showShare(0), '0 %'],
  [showShare(1), '100 %'],
  [showShare(0.00004), '0.0040 %'],
  [showShare(0.8238), '82.4 %'],
])('shows %s', (shown, expected) => {
  expect(shown).toBe(expected);
});

it('shows nothing that its verifier would not take for a rounding', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e18, max: 1e18 }), (value) => {
      expect(isRoundingOf(showDecimal(value), value)).toBe(true);
    }),
  );
  fc.assert(fc.property(fc.double({ noNaN: true, min: 0, max: 1 }), (share) => isRoundingOf(showShare(share), share)));
  fc.assert(fc.property(fc.maxSafeInteger(), (count) => isRoundingOf(showWhole(count), count)));
});

it('is taken for a rounding of no other number', () => {
  for (const [text, value] of [
    ['3,201', 3202],
    ['82.4 %', 0.82],
    ['6.40', 6.41],
    ['6.4.0', 6.4],
    ['1,23', 123],
    ['', 0],
  ] as const) {
    expect([text, isRoundingOf(text, value)]).toEqual([text, false]);
  }
});
