import type { Series } from '../model';

/** Busy periods have at least this many rows before thin ones are left out. */
const BUSY_ROWS = 50;
const FEWEST_PERIODS = 3;

/** The points of a series that rest on some rows: an average over one or two among hundreds elsewhere is only noise. */
export function solidPoints({ measure, points }: Series): Series['points'] {
  const known = measure === null ? points : points.filter(({ mean }) => mean !== null);
  const sorted = known.map(({ rows }) => rows).sort((a, b) => b - a);
  const busy = sorted[Math.floor(sorted.length / 10)] ?? 0;
  if (measure === null || busy < BUSY_ROWS) return known;
  const solid = known.filter(({ rows }) => rows >= busy / 20);
  return new Set(solid.map(({ period }) => period)).size >= FEWEST_PERIODS ? solid : known;
}
