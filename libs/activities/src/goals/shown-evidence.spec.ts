import { shownEvidence } from './shown-evidence';

it('shows what is broken first, twelve entries at most, with long texts cut', () => {
  const fine = Array.from({ length: 20 }, (_, n) => ({ check: `c${n}`, holds: true, seen: 's' }));
  const broken = { check: 'broken', holds: false, seen: 'x'.repeat(5_000_000) };
  const shown = shownEvidence([...fine, broken]);
  expect(shown).toHaveLength(12);
  expect(shown[0]).toMatchObject({ check: 'broken', holds: false });
  expect(shown[0]?.seen).toHaveLength(2000);
  expect(shown[1]).toEqual(fine[0]);
});
