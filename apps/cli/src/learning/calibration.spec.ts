import type { CalibrationResponse } from '@goalkeeper/contracts';
import { paint } from '../text/spans';
import { calibrationLines } from './calibration';

const report = {
  decisions: 1000,
  baseRate: 0.7,
  brier: 0.077,
  baseBrier: 0.21,
  skill: 0.633,
  reliabilityError: 0.022,
  bins: [
    { from: 0.8, to: 0.9, decisions: 0, stated: null, seen: null },
    { from: 0.9, to: 1, decisions: 512, stated: 0.945, seen: 0.933 },
  ],
};
const textOf = (told: CalibrationResponse) =>
  calibrationLines(told)
    .map((line) => paint(line, false))
    .join('\n');

it('shows the figures, the rows that have decisions, and each tool', () => {
  const tools = [{ tool: 'data.open', decisions: 400, stated: 0.95, seen: 0.93, brier: 0.06 }];
  const map = { knots: [{ stated: 0.5, seen: 0.4 }], decisions: 900, fittedAt: '2026-01-01T00:00:00Z' };
  const text = textOf({ confidence: report, uncalibrated: { ...report, brier: 0.091 }, tools, map });
  expect(text).toMatch(
    /^1000 decisions: Brier 0\.077 \(base rate 0\.700 alone: 0\.210\), skill 0\.633, reliability error 0\.022/,
  );
  expect(text).toContain('calibrated from 900 decisions at 2026-01-01T00:00:00Z; uncalibrated Brier 0.091');
  expect(text).toMatch(/0\.9–1\.0 +512 +0\.945 +0\.933/);
  expect(text).not.toContain('0.8–0.9');
  expect(text).toMatch(/data\.open +400 +0\.950 +0\.930 +0\.060/);
});

it('says so when nothing has an end yet, and when nothing was fitted', () => {
  const nothing = { ...report, decisions: 0 };
  expect(textOf({ confidence: nothing, uncalibrated: nothing, tools: [], map: null })).toBe(
    'no decision has an end yet',
  );
  const unfitted = { knots: [], decisions: 30, fittedAt: '2026-01-01T00:00:00Z' };
  expect(textOf({ confidence: report, uncalibrated: report, tools: [], map: unfitted })).toContain('not calibrated');
});
