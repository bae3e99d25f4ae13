import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { periodText } from './asked-periods';
import { Fields } from './claim-sql';
import { GROUP_KINDS } from './group-values';
import { isClose, plainText } from './number-text';
import type { CheckedChart, CheckedReport } from './report-model';

const Line = z.object({
  of: z.literal('line'),
  stat: z.enum(['mean', 'rows']),
  series: z.object({
    date: z.string(),
    granularity: z.string(),
    measure: z.string().nullable(),
    splitBy: z.string().nullable(),
    points: z.array(
      z.object({ period: z.string(), group: z.string().nullable(), rows: z.number(), mean: z.number().nullable() }),
    ),
  }),
});
const Bar = z.object({
  of: z.literal('bar'),
  by: z.string(),
  per: z.enum(['year', 'quarter', 'month', 'week', 'day']).optional(),
  measure: z.string().nullable(),
  stat: z.enum(['count', 'sum', 'mean', 'median', 'min', 'max']).optional(),
  bars: z.array(z.object({ group: z.string(), value: z.number() })),
});
const Histogram = z.object({
  of: z.literal('histogram'),
  column: z.string(),
  width: z.number().positive(),
  buckets: z.array(z.object({ from: z.number(), count: z.number() })),
});
const Dot = z.object({ x: z.number(), y: z.number() });
const Pair = z.object({
  of: z.literal('pair'),
  pair: z.object({
    a: z.string(),
    b: z.string(),
    dots: z.array(Dot).nullable(),
    cells: z.array(Dot.extend({ count: z.number() })).nullable(),
    xWidth: z.number(),
    yWidth: z.number(),
  }),
});
const Missing = z.object({
  of: z.literal('missing'),
  bars: z.array(z.object({ column: z.string(), count: z.number(), share: z.number() })),
});
const ChartDataSchema = z.discriminatedUnion('of', [Line, Bar, Histogram, Pair, Missing]);

export interface ChartVerdict {
  readonly id: string;
  readonly holds: boolean;
  readonly seen: string;
}

/** Compares everything a chart shows with the source. */
export async function judgeChart(
  db: DuckDBConnection,
  chart: CheckedChart,
  report: CheckedReport,
  rows: number,
): Promise<ChartVerdict> {
  const data = ChartDataSchema.safeParse(chart.data);
  if (!data.success) return { id: chart.id, holds: false, seen: 'its data have an unknown shape' };
  const fields = new Fields(report.columns);
  const shown = shownValues(data.data);
  const perMark = data.data.of === 'pair' && data.data.pair.dots !== null ? 2 : 1; // a dot has two values
  if (shown.size !== chart.marks * perMark) {
    return { id: chart.id, holds: false, seen: `marks: ${chart.marks}, values: ${shown.size}` };
  }
  const sql = question(data.data, fields);
  const reader = await db.runAndReadAll(sql);
  const truth = new Map(reader.getRowsJS().map(([key, value]) => [plainText(key), Number(value)]));
  for (const [key, value] of shown) {
    const expected = truth.get(key) ?? (data.data.of === 'histogram' || data.data.of === 'missing' ? 0 : undefined);
    if (expected === undefined || !isClose(expected, value, 1e-8)) {
      return {
        id: chart.id,
        holds: false,
        seen: `at ${key.slice(0, 60)} it shows ${value}, the source says ${expected ?? 'nothing'}`,
      };
    }
  }
  if (data.data.of === 'missing') {
    const wrong = data.data.bars.find(({ count, share }) => !isClose(share, count / rows));
    if (wrong) return { id: chart.id, holds: false, seen: `the share of "${wrong.column}" is ${wrong.count / rows}` };
  }
  if (data.data.of === 'pair' && data.data.pair.dots !== null && truth.size !== shown.size) {
    return { id: chart.id, holds: false, seen: `dots: ${shown.size / 2}, rows: ${truth.size / 2}` };
  }
  return { id: chart.id, holds: true, seen: `values: ${shown.size}` };
}

type Data = z.output<typeof ChartDataSchema>;

/** What the chart shows under the keys of {@link question}. Repeated dots get a number each. */
function shownValues(data: Data): Map<string, number> {
  switch (data.of) {
    case 'line':
      return new Map(
        data.series.points.map((point) => [
          `${point.period.slice(0, 13)}|${point.group ?? ''}`,
          (data.stat === 'rows' ? point.rows : point.mean) ?? Number.NaN,
        ]),
      );
    case 'bar':
      return new Map(data.bars.map(({ group, value }) => [group, value]));
    case 'histogram':
      return new Map(data.buckets.map(({ from, count }) => [String(Math.round(from / data.width)), count]));
    case 'missing':
      return new Map(data.bars.map(({ column, count }) => [column, count]));
    case 'pair':
      return data.pair.dots === null ? cellValues(data.pair) : dotValues(data.pair.dots);
  }
}

function cellValues({ cells, xWidth, yWidth }: z.output<typeof Pair>['pair']): Map<string, number> {
  return new Map(
    (cells ?? []).map(({ x, y, count }) => [`${Math.round(x / xWidth)}|${Math.round(y / yWidth)}`, count]),
  );
}

function dotValues(dots: readonly { x: number; y: number }[]): Map<string, number> {
  const sorted = dots.toSorted((a, b) => a.x - b.x || a.y - b.y);
  return new Map(
    sorted.flatMap(({ x, y }, index): [string, number][] => [
      [`${index + 1}|x`, x],
      [`${index + 1}|y`, y],
    ]),
  );
}

function question(data: Data, fields: Fields): string {
  switch (data.of) {
    case 'line':
      return lineQuestion(data, fields);
    case 'bar': {
      const by = fields.field(data.by);
      const make = GROUP_KINDS[`group_${data.stat ?? 'mean'}`];
      const value = data.measure === null || !make ? 'sum(1)' : make(fields.field(data.measure));
      const group = data.per ? periodText(by, data.per) : groupText(fields, data.by);
      return `SELECT ${group}, ${value} FROM val WHERE ${by} IS NOT NULL GROUP BY 1`;
    }
    case 'histogram': {
      const place = `(${fields.field(data.column)} / ${data.width} + 0.0000000005)`;
      return `SELECT (${place} - ((${place} % 1) + 1) % 1)::BIGINT AS k, sum(1) FROM val WHERE ${fields.field(data.column)} IS NOT NULL GROUP BY k`;
    }
    case 'missing':
      return data.bars
        .map(
          ({ column }) =>
            `SELECT '${column.split("'").join("''")}', count(*) FROM val WHERE ${fields.field(column)} IS NULL`,
        )
        .join(' UNION ALL ');
    case 'pair':
      return pairQuestion(data.pair, fields);
  }
}

function lineQuestion({ series, stat }: z.output<typeof Line>, fields: Fields): string {
  const date = fields.field(series.date);
  const isYear = ['integer', 'number'].includes(fields.column(series.date).type);
  const key = isYear ? `printf('%04d-01-01', ${date}::INTEGER)` : periodStart(series.granularity, date);
  const group = series.splitBy === null ? `''` : groupText(fields, series.splitBy);
  const value =
    stat === 'rows' || series.measure === null
      ? 'sum(1)'
      : `sum(${fields.field(series.measure)}) / count(${fields.field(series.measure)})`;
  const split = series.splitBy === null ? '' : ` AND ${fields.field(series.splitBy)} IS NOT NULL`;
  return `SELECT ${key} || '|' || ${group} AS k, ${value} FROM val WHERE ${date} IS NOT NULL${split} GROUP BY k`;
}

/** The first day (and hour) of the period a time lies in, put together from its parts. */
function periodStart(granularity: string, date: string): string {
  switch (granularity) {
    case 'year':
      return `printf('%04d-01-01', year(${date}))`;
    case 'quarter':
      return `printf('%04d-%02d-01', year(${date}), ((month(${date}) - 1) // 3) * 3 + 1)`;
    case 'month':
      return `printf('%04d-%02d-01', year(${date}), month(${date}))`;
    case 'week':
      return `strftime(${date}::DATE - (isodow(${date})::INTEGER - 1), '%Y-%m-%d')`;
    case 'day':
      return `strftime(${date}, '%Y-%m-%d')`;
    default:
      return `strftime(${date}, '%Y-%m-%dT%H')`;
  }
}

function groupText(fields: Fields, name: string): string {
  const { type } = fields.column(name);
  const field = fields.field(name);
  return type === 'integer' ? `printf('%d', ${field}::BIGINT)` : `${field}::VARCHAR`;
}

function pairQuestion({ a, b, dots, cells, xWidth, yWidth }: z.output<typeof Pair>['pair'], fields: Fields): string {
  const [x, y] = [fields.field(a), fields.field(b)];
  const both = `${x} IS NOT NULL AND ${y} IS NOT NULL`;
  if (dots !== null) {
    return `WITH d AS (SELECT row_number() OVER (ORDER BY ${x}, ${y}) AS n, ${x} AS x, ${y} AS y FROM val WHERE ${both})
      SELECT n || '|x', x FROM d UNION ALL SELECT n || '|y', y FROM d`;
  }
  const place = (field: string, width: number): string => `(${field} / ${width} + 0.0000000005)`;
  const down = (text: string): string => `(${text} - ((${text} % 1) + 1) % 1)::BIGINT`;
  const key = `${down(place(x, xWidth))} || '|' || ${down(place(y, yWidth))}`;
  return `SELECT ${key} AS k, sum(1) FROM val WHERE ${both} AND ${(cells ?? []).length > 0} GROUP BY k`;
}
