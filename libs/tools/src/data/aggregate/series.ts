import { count, type Duck, ident, numberOrNull, type Row, textOrNull } from '../jobs/duck';
import type { Granularity, Grouping, Point, ProfileColumn, Series } from '../model';
import type { Candidates } from './groupings';
import { groupsOf } from './groupings';
import { rankCorrelation, rankGroups } from './rank-tests';
import { explainedVariance } from './variance';

const FINE_TO_COARSE: readonly Granularity[] = ['hour', 'day', 'week', 'month', 'quarter', 'year'];
const MOST_PERIODS = 60;
const MAX_LINES = 6;
const WORTH_SPLITTING = 0.2;
const WORTH_SHOWING = 0.02;

interface Axis {
  readonly column: ProfileColumn;
  /** SQL that gives the time. */
  readonly time: string;
  readonly granularity: Granularity;
}

/** The course of measures over time, in the periods that suit the span; empty without a column of dates or years. */
export async function chooseSeries(
  duck: Duck,
  columns: readonly ProfileColumn[],
  { categories, measures }: Candidates,
  by: ProfileColumn | null,
): Promise<Series[]> {
  const axis = await chooseAxis(duck, columns, by);
  if (!axis) return [];
  const period = `date_trunc('${axis.granularity}', ${axis.time})`;
  const explained = await explainedByPeriod(duck, period, measures);
  const ranked = measures
    .map((measure, index) => ({ measure, ...(explained[index] ?? { eta: 0, epsilon: 0 }) }))
    .filter(({ epsilon }) => epsilon >= WORTH_SHOWING || measures.length <= 2)
    .sort((a, b) => b.epsilon - a.epsilon)
    .slice(0, 2);
  const series: Series[] = [];
  for (const { measure, eta } of ranked) {
    const split = series.length === 0 ? await chooseSplit(duck, measure, categories, by) : null;
    series.push(await readSeries(duck, { axis, period, measure, split, explained: eta }));
  }
  if (series.length === 0)
    series.push(await readSeries(duck, { axis, period, measure: null, split: null, explained: null }));
  return series;
}

async function chooseAxis(
  duck: Duck,
  columns: readonly ProfileColumn[],
  by: ProfileColumn | null,
): Promise<Axis | null> {
  const times = columns.filter(({ role, distinct }) => (role === 'date' || role === 'year') && distinct > 1);
  const rank = (column: ProfileColumn): number => (column.name === by?.name ? 2 : 0) + (column.role === 'date' ? 1 : 0);
  const [column] = times.toSorted((a, b) => rank(b) - rank(a) || a.missing - b.missing || b.distinct - a.distinct);
  if (!column) return null;
  if (column.role === 'year') {
    return { column, time: `make_date(${ident(column.name)}::INTEGER, 1, 1)`, granularity: 'year' };
  }
  const time = `${ident(column.name)}::TIMESTAMP`;
  const counts = await duck.row(
    `SELECT ${FINE_TO_COARSE.map((unit) => `count(DISTINCT date_trunc('${unit}', ${time})) AS ${unit}_n`).join(', ')} FROM t`,
  );
  const periods = FINE_TO_COARSE.map((unit) => ({ unit, n: count(counts[`${unit}_n`]) }));
  const finest = periods.find(({ n }) => n <= MOST_PERIODS) ?? periods[periods.length - 1];
  // Where a coarser unit tells as many periods apart, the data know no finer one.
  const unit = periods.findLast(({ n }) => n === finest?.n)?.unit ?? 'year';
  return { column, time, granularity: unit };
}

async function explainedByPeriod(
  duck: Duck,
  period: string,
  measures: readonly ProfileColumn[],
): Promise<({ eta: number; epsilon: number } | null)[]> {
  if (measures.length === 0) return [];
  const parts = measures.map(({ name }, index) => {
    const value = `${ident(name)}::DOUBLE`;
    return `count(${value}) AS c${index}, favg(${value}) AS m${index}, var_pop(${value}) AS v${index}`;
  });
  const rows = await duck.rows(`SELECT ${parts.join(', ')} FROM t WHERE ${period} IS NOT NULL GROUP BY ${period}`);
  return measures.map((_, index) =>
    explainedVariance(
      rows.map((row) => ({
        count: count(row[`c${index}`]),
        mean: numberOrNull(row[`m${index}`]) ?? 0,
        variance: numberOrNull(row[`v${index}`]) ?? 0,
      })),
    ),
  );
}

/** A line for each group, where few groups tell much of the measure apart, or where the goal asked for them. */
async function chooseSplit(
  duck: Duck,
  measure: ProfileColumn,
  categories: readonly ProfileColumn[],
  by: ProfileColumn | null,
): Promise<string | null> {
  if (by && by.distinct >= 2 && by.distinct <= MAX_LINES && by.role !== 'date') return by.name;
  let best: { grouping: Grouping; score: number } | null = null;
  for (const category of categories.filter(({ distinct, name }) => distinct <= MAX_LINES && name !== measure.name)) {
    const [found] = await groupsOf(duck, category, [measure]);
    if (found && found.score >= WORTH_SPLITTING && found.score > (best?.score ?? 0)) best = found;
  }
  return best?.grouping.by ?? null;
}

interface SeriesPlan {
  readonly axis: Axis;
  readonly period: string;
  readonly measure: ProfileColumn | null;
  readonly split: string | null;
  readonly explained: number | null;
}

async function readSeries(duck: Duck, plan: SeriesPlan): Promise<Series> {
  const { axis, period, measure, split } = plan;
  const group = split === null ? 'NULL' : `${ident(split)}::VARCHAR`;
  const value = measure === null ? 'NULL::DOUBLE' : `${ident(measure.name)}::DOUBLE`;
  const shape = axis.granularity === 'hour' ? '%Y-%m-%dT%H:00' : '%Y-%m-%d';
  const rows = await duck.rows(
    `SELECT strftime(${period}, '${shape}') AS p, ${group} AS g, count(*) AS n, favg(${value}) AS mean, fsum(${value}) AS sum
     FROM t WHERE ${period} IS NOT NULL ${split === null ? '' : `AND ${ident(split)} IS NOT NULL`}
     GROUP BY ALL ORDER BY p, g`,
  );
  const isMeasured = measure !== null;
  return {
    ranked: isMeasured ? await rankGroups(duck, period, measure.name) : null,
    trend: isMeasured ? await rankCorrelation(duck, `epoch(${axis.time})`, value) : null,
    date: axis.column.name,
    granularity: axis.granularity,
    measure: measure?.name ?? null,
    splitBy: split,
    points: rows.map((row) => toPoint(row, isMeasured)),
    explained: plan.explained,
  };
}

function toPoint(row: Row, isMeasured: boolean): Point {
  return {
    period: textOrNull(row.p) ?? '',
    group: textOrNull(row.g),
    rows: count(row.n),
    mean: isMeasured ? numberOrNull(row.mean) : null,
    sum: isMeasured ? numberOrNull(row.sum) : null,
  };
}
