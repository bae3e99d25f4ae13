import { seededRandom } from '../chance';
import { applyCalibration } from './calibration-map';
import { calibrationReport, fitCalibration, type Outcome01 } from './calibration';

const seed = Number(process.env.GK_SEED ?? 20261123);

/** Decisions that state `stated(p)` where p is what happens. */
function stream(count: number, stated: (p: number) => number): Outcome01[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const p = random();
    return { stated: stated(p), worked: random() < p };
  });
}

describe('calibration', () => {
  it('reports Brier score, skill and reliability as they are defined', () => {
    const decisions = [
      { stated: 0.9, worked: true },
      { stated: 0.9, worked: true },
      { stated: 0.95, worked: false },
      { stated: 0.1, worked: false },
    ];
    const report = calibrationReport(decisions);
    const brier = (0.01 + 0.01 + 0.95 ** 2 + 0.01) / 4;
    expect(report).toMatchObject({ decisions: 4, baseRate: 0.5, baseBrier: 0.25 });
    expect(report.brier).toBeCloseTo(brier, 12);
    expect(report.skill).toBeCloseTo(1 - brier / 0.25, 12);
    const stated = (0.9 + 0.9 + 0.95) / 3;
    expect(report.reliabilityError).toBeCloseTo((3 * (stated - 2 / 3) + 0.1) / 4, 12);
    expect(report.bins[9]).toEqual({ from: 0.9, to: 1, decisions: 3, stated, seen: 2 / 3 });
    expect(calibrationReport([]).brier).toBeNull();
    expect(calibrationReport([{ stated: 1, worked: true }])).toMatchObject({ skill: null, brier: 0 });
  });

  it('mends what is stated too boldly, and never turns the order of two probabilities', () => {
    const bold = (p: number) => (p > 0.5 ? 0.5 + (p - 0.5) ** 0.4 * 0.66 : 0.5 - (0.5 - p) ** 0.4 * 0.66);
    const map = fitCalibration(stream(2000, bold));
    if (!map) throw new Error('no map');
    const fresh = stream(4000, bold).slice(2000);
    const mapped = fresh.map(({ stated, worked }) => ({ stated: applyCalibration(map, stated), worked }));
    const [before, after] = [calibrationReport(fresh), calibrationReport(mapped)];
    expect(after.brier).toBeLessThan(before.brier ?? 0);
    expect(after.reliabilityError).toBeLessThan((before.reliabilityError ?? 0) / 2);
    const line = Array.from({ length: 101 }, (_, n) => applyCalibration(map, n / 100));
    expect(line).toEqual([...line].sort((one, other) => one - other));
  });

  it('leaves alone what is right already, and what is too little to tell', () => {
    const random = seededRandom(seed);
    const right = Array.from({ length: 400 }, () => {
      const p = random() < 0.5 ? 0.2 : 0.9;
      return { stated: p, worked: random() < p };
    });
    const map = fitCalibration(right);
    for (const p of [0.2, 0.9]) expect(Math.abs(applyCalibration(map, p) - p)).toBeLessThan(0.08);
    expect(fitCalibration(right.slice(0, 199))).toBeNull();
    expect(applyCalibration(null, 0.3)).toBe(0.3);
  });
});
