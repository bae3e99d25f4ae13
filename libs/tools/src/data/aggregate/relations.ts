import { count, type Duck, ident, numberOrNull } from '../jobs/duck';
import { rankCorrelation } from './rank-tests';
import { correlationP } from './significance';
import type { Correlation, Distribution, Pair, ProfileColumn } from '../model';

const KEPT = 10;
const FEWEST_PAIRS = 10;
/** Shorter tables are drawn dot by dot. */
const DOTS = 1500;
const WORTH_DRAWING = 0.3;
const BUCKETS = 24;
const CELLS = 24;

/** Pearson's r of every two measures, strongest first. */
export async function correlationsOf(
  duck: Duck,
  measures: readonly ProfileColumn[],
): Promise<{ correlations: Correlation[]; tests: number[] }> {
  const pairs = measures.flatMap((a, index) => measures.slice(index + 1).map((b) => [a.name, b.name] as const));
  if (pairs.length === 0) return { correlations: [], tests: [] };
  const parts = pairs.map(([a, b], index) => {
    const [x, y] = [`${ident(a)}::DOUBLE`, `${ident(b)}::DOUBLE`];
    return `corr(${x}, ${y}) AS r${index}, regr_count(${x}, ${y}) AS n${index}`;
  });
  const row = await duck.row(`SELECT ${parts.join(', ')} FROM t`);
  const known = pairs
    .map(([a, b], index) => ({ a, b, r: numberOrNull(row[`r${index}`]), count: count(row[`n${index}`]) }))
    .filter((pair): pair is Correlation => pair.r !== null && pair.count >= FEWEST_PAIRS)
    .map((pair) => ({ ...pair, p: correlationP(pair.r, pair.count) }))
    .sort((x, y) => Math.abs(y.r) - Math.abs(x.r));
  const correlations: Correlation[] = [];
  for (const pair of known.slice(0, KEPT)) {
    const ranked = await rankCorrelation(duck, `${ident(pair.a)}::DOUBLE`, `${ident(pair.b)}::DOUBLE`);
    correlations.push({ ...pair, rho: ranked?.rho ?? null, p: Math.max(pair.p, ranked?.p ?? 1) });
  }
  const left = known.slice(KEPT);
  return { correlations, tests: [...correlations, ...left].map(({ p = 1 }) => p) };
}

/** A width of one, two or five times a power of ten that cuts a span into about so many parts; at least 1 for whole numbers. */
export function niceWidth(span: number, parts: number, isWhole: boolean): number {
  const rough = span / parts;
  if (!(rough > 0)) return 1;
  const power = Math.floor(Math.log10(rough));
  const lead = [1, 2, 5, 10].find((factor) => factor * 10 ** power >= rough * 0.999) ?? 10;
  const width = Number(`${lead}e${power}`);
  return isWhole ? Math.max(1, width) : width;
}

/** The range worth drawing: without tails that would squeeze all the rest into one bar. */
function shownRange(column: ProfileColumn): { low: number; high: number } {
  const { min = 0, max = 0, q05 = 0, q95 = 0 } = column.numeric ?? {};
  const span = q95 - q05;
  if (span <= 0) return { low: min, high: max };
  return { low: Math.max(min, q05 - span / 2), high: Math.min(max, q95 + span / 2) };
}

/** How the values of a measure are spread, in equal buckets that begin at multiples of their width. */
export async function distributionOf(duck: Duck, column: ProfileColumn): Promise<Distribution> {
  const { low, high } = shownRange(column);
  const width = niceWidth(high - low, BUCKETS, column.type === 'integer');
  const first = Math.floor(low / width);
  const last = Math.floor(high / width);
  const rows = await duck.rows(
    `SELECT floor(round(${ident(column.name)}::DOUBLE / ${width}::DOUBLE, 9)) AS b, count(*) AS n
     FROM t WHERE ${ident(column.name)} IS NOT NULL GROUP BY 1`,
  );
  const byBucket = new Map(rows.map((row) => [count(row.b), count(row.n)]));
  const buckets = Array.from({ length: last - first + 1 }, (_, index) => ({
    from: multiple(first + index, width),
    count: byBucket.get(first + index) ?? 0,
  }));
  const inside = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const all = [...byBucket.values()].reduce((sum, n) => sum + n, 0);
  return { column: column.name, width, buckets, outside: all - inside };
}

/** index × width without the tail of digits that binary fractions leave. */
function multiple(index: number, width: number): number {
  return Number((index * width).toPrecision(12));
}

/** The strongest pair as dots or counted cells; null when no pair goes together. */
export async function pairOf(
  duck: Duck,
  correlations: readonly Correlation[],
  columns: readonly ProfileColumn[],
): Promise<Pair | null> {
  // A pair that is one and the same shows nothing; the next one does.
  const [best] = correlations.filter(({ r }) => Math.abs(r) >= WORTH_DRAWING && Math.abs(r) < 0.9999);
  const a = columns.find(({ name }) => name === best?.a);
  const b = columns.find(({ name }) => name === best?.b);
  if (!best || !a || !b) return null;
  const [x, y] = [`${ident(a.name)}::DOUBLE`, `${ident(b.name)}::DOUBLE`];
  const both = `${ident(a.name)} IS NOT NULL AND ${ident(b.name)} IS NOT NULL`;
  if (best.count <= DOTS) {
    const rows = await duck.rows(`SELECT ${x} AS x, ${y} AS y FROM t WHERE ${both} ORDER BY x, y`);
    const dots = rows.map((row) => ({ x: numberOrNull(row.x) ?? 0, y: numberOrNull(row.y) ?? 0 }));
    return { a: a.name, b: b.name, dots, cells: null, xWidth: 0, yWidth: 0 };
  }
  const [rangeX, rangeY] = [shownRange(a), shownRange(b)];
  const xWidth = niceWidth(rangeX.high - rangeX.low, CELLS, a.type === 'integer');
  const yWidth = niceWidth(rangeY.high - rangeY.low, CELLS, b.type === 'integer');
  // Whole cells are kept or left out, so that each shows all of its rows.
  const inRange = `i BETWEEN ${Math.floor(rangeX.low / xWidth)} AND ${Math.floor(rangeX.high / xWidth)}
    AND j BETWEEN ${Math.floor(rangeY.low / yWidth)} AND ${Math.floor(rangeY.high / yWidth)}`;
  const rows = await duck.rows(
    `SELECT floor(round(${x} / ${xWidth}::DOUBLE, 9)) AS i, floor(round(${y} / ${yWidth}::DOUBLE, 9)) AS j, count(*) AS n
     FROM t WHERE ${both} GROUP BY 1, 2 HAVING ${inRange} ORDER BY 1, 2`,
  );
  const cells = rows.map((row) => ({
    x: multiple(numberOrNull(row.i) ?? 0, xWidth),
    y: multiple(numberOrNull(row.j) ?? 0, yWidth),
    count: count(row.n),
  }));
  return { a: a.name, b: b.name, dots: null, cells, xWidth, yWidth };
}
