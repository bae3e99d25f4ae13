import { ToolFailure } from '../../definition';
import { solidPoints } from '../aggregate/solid-points';
import type { Aggregates, Asked, Chart, Granularity, Grouping, Pair, Profile, Series, Statistic } from '../model';

/** One chart before it is drawn: what it says and the numbers it shows. */
export type ChartPlan = Pick<Chart, 'kind' | 'title' | 'caption' | 'columns' | 'marks'> & { readonly data: ChartData };

export type ChartData =
  | { readonly of: 'line'; readonly series: Series; readonly stat: 'mean' | 'rows' }
  | {
      readonly of: 'bar';
      readonly by: string;
      /** Set where the groups are periods of the dates in `by`. */
      readonly per?: Granularity;
      readonly measure: string | null;
      /** What of the measure is drawn; the average unless told. */
      readonly stat?: Statistic;
      readonly bars: readonly { readonly group: string; readonly value: number }[];
    }
  | {
      readonly of: 'histogram';
      readonly column: string;
      readonly width: number;
      readonly buckets: readonly { readonly from: number; readonly count: number }[];
    }
  | { readonly of: 'pair'; readonly pair: Pair }
  | {
      readonly of: 'missing';
      readonly bars: readonly { readonly column: string; readonly count: number; readonly share: number }[];
    };

const MOST_CHARTS = 6;
const MOST_BARS = 15;
const MOST_PERIODS = 60;
/** Averages over fewer values are left out of bars when enough others remain. */
const FEWEST_VALUES = 5;
const FEWEST_PERIODS = 3;

export const STAT_WORDS: Readonly<Record<Statistic, string>> = {
  count: 'values of',
  distinct: 'different values of',
  sum: 'total',
  mean: 'average',
  median: 'median',
  min: 'lowest',
  max: 'highest',
};

const PERIOD_WORDS = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  hour: 'hour',
} as const;

const KINDS: Readonly<Record<string, { readonly kinds: readonly string[]; readonly why: string }>> = {
  bar: { kinds: ['bar', 'counts'], why: 'no column has groups with values' },
  line: { kinds: ['line'], why: 'no column of dates or years has three periods or more' },
  histogram: { kinds: ['histogram'], why: 'no column holds amounts' },
  scatter: { kinds: ['scatter', 'heatmap'], why: 'no two columns of amounts go together' },
};

/**
 * Chooses the charts that fit: course, differences, relation, spread, frequencies, gaps; at most six. What was asked for comes first.
 *
 * @param wanted kinds of charts that must be among them
 * @throws {ToolFailure} `data.chart_impossible` for a kind that the columns do not allow
 */
export function planCharts(profile: Profile, aggregates: Aggregates, wanted: readonly string[] = []): ChartPlan[] {
  const measured = aggregates.groupings.filter(({ measure }) => measure !== null);
  const counted = aggregates.groupings.filter(({ measure }) => measure === null);
  const lines = aggregates.series.filter(isLine).map(linePlan);
  const bars = measured.map(barPlan).filter(({ marks }) => marks >= 2);
  const spreads = aggregates.distributions.map((distribution) => histogramPlan(distribution));
  const pair = aggregates.pair ? [pairPlan(aggregates.pair)] : [];
  const frequencies = counted.map(barPlan).filter(({ marks }) => marks >= 2);
  const gaps = missingPlan(profile);
  const asked = aggregates.asked ? askedBars(aggregates.asked) : [];
  const first = [...asked, ...lines.slice(0, 1), ...bars.slice(0, 1), ...pair, ...spreads.slice(0, 1), ...gaps];
  const spare = [...frequencies, ...lines.slice(1), ...bars.slice(1), ...spreads.slice(1)];
  const columns = [aggregates.by, aggregates.measure].filter((name) => name !== null);
  const all = [...first, ...spare];
  const required = wanted.map((kind) => chartOf(kind, all, columns));
  const about = columns.length < 2 ? [] : all.filter((plan) => columns.every((name) => plan.columns.includes(name)));
  const fitting = [...first, ...spare.slice(0, Math.max(0, MOST_CHARTS - first.length))];
  const chosen = [...new Set([...required, ...about.slice(0, 2), ...fitting])].slice(0, MOST_CHARTS);
  return chosen.length > 0 ? chosen : frequentValues(profile);
}

/** The chart of a kind that shows most of the columns that were asked for. */
function chartOf(kind: string, plans: readonly ChartPlan[], columns: readonly string[]): ChartPlan {
  const known = KINDS[kind];
  const held = (plan: ChartPlan): number => columns.filter((name) => plan.columns.includes(name)).length;
  const [found] = plans.filter((plan) => known?.kinds.includes(plan.kind)).toSorted((a, b) => held(b) - held(a));
  if (found) return found;
  const message = known
    ? `A ${kind} chart cannot be drawn: ${known.why}.`
    : `"${kind}" is no kind of chart; there are ${Object.keys(KINDS).join(', ')}.`;
  throw new ToolFailure('data.chart_impossible', message, { details: { kind }, blame: 'input' });
}

function isLine({ points }: Series): boolean {
  return new Set(points.map(({ period }) => period)).size >= FEWEST_PERIODS;
}

function linePlan(series: Series): ChartPlan {
  const stat = series.measure === null ? 'rows' : 'mean';
  const what = series.measure === null ? 'Rows' : `Average ${series.measure}`;
  const split = series.splitBy === null ? '' : `, by ${series.splitBy}`;
  const shown = solidPoints(series);
  const cut = shown.length < series.points.length ? ' Periods with hardly any rows are left out.' : '';
  return {
    kind: 'line',
    title: `${what} per ${PERIOD_WORDS[series.granularity]}${split}`,
    caption:
      series.splitBy === null
        ? `Each point stands for one period; the first and the last may hold only part of it.${cut}`
        : `One line for each group; the first and the last period may hold only part of it.${cut}`,
    columns: [series.date, series.measure, series.splitBy].filter((name) => name !== null),
    marks: shown.length,
    data: { of: 'line', series: { ...series, points: shown }, stat },
  };
}

function barPlan({ by, measure, groups, totalGroups }: Grouping): ChartPlan {
  const values = groups.map((group) => ({
    group: group.group,
    n: group.count,
    value: measure === null ? group.rows : group.mean,
  }));
  const known = values.filter((bar): bar is { group: string; n: number; value: number } => bar.value !== null);
  const solid = known.filter(({ n }) => n >= FEWEST_VALUES);
  const kept = (measure !== null && solid.length >= 2 ? solid : known).slice(0, MOST_BARS);
  const bars = kept.map(({ group, value }) => ({ group, value })).sort((a, b) => b.value - a.value);
  const isPart = kept.length < totalGroups;
  const whose =
    measure === null
      ? 'How many rows each group has.'
      : 'The average of each group; rows without a value are left out.';
  return {
    kind: measure === null ? 'counts' : 'bar',
    title: measure === null ? `Rows by ${by}` : `Average ${measure} by ${by}`,
    caption: isPart ? `${whose} The largest groups are shown.` : whose,
    columns: measure === null ? [by] : [by, measure],
    marks: bars.length,
    data: { of: 'bar', by, measure, bars },
  };
}

function histogramPlan({ column, width, buckets, outside }: Aggregates['distributions'][number]): ChartPlan {
  const tail = outside > 0 ? ' The far ends of the range are cut off.' : '';
  return {
    kind: 'histogram',
    title: `How ${column} is spread`,
    caption: `Each bar counts the rows whose value falls between its edges.${tail}`,
    columns: [column],
    marks: buckets.length,
    data: { of: 'histogram', column, width, buckets },
  };
}

function pairPlan(pair: Pair): ChartPlan {
  const isDots = pair.dots !== null;
  return {
    kind: isDots ? 'scatter' : 'heatmap',
    title: `${pair.b} against ${pair.a}`,
    caption: isDots
      ? 'Each dot is one row.'
      : 'The darker a cell, the more rows fall into it; the far ends are cut off.',
    columns: [pair.a, pair.b],
    marks: (pair.dots ?? pair.cells ?? []).length,
    data: { of: 'pair', pair },
  };
}

function missingPlan({ rows, columns }: Profile): ChartPlan[] {
  const bars = columns
    .filter(({ missing }) => missing > 0)
    .sort((a, b) => b.missing - a.missing)
    .slice(0, MOST_BARS)
    .map(({ name, missing }) => ({ column: name, count: missing, share: missing / rows }));
  if (bars.length === 0) return [];
  const caption = 'The share of rows in which the column is empty; columns without gaps are not shown.';
  return [
    {
      kind: 'missing',
      title: 'Missing values by column',
      caption,
      columns: bars.map(({ column }) => column),
      marks: bars.length,
      data: { of: 'missing', bars },
    },
  ];
}

/** Bars of the statistic that was asked for, where it is another than the average, which is drawn anyway unless it is of periods. */
function askedBars({ by, per, measures, statistics, groups, totalGroups }: Asked): ChartPlan[] {
  if (by === null) return [];
  return measures.flatMap((measure, index) =>
    statistics
      .filter((stat) => stat !== 'mean' || per)
      .slice(0, 2)
      .map((stat): ChartPlan => {
        const known = groups.flatMap(({ group, values }) => {
          const value = values[index]?.[stat] ?? null;
          return value === null || group === null ? [] : [{ group, value }];
        });
        // Periods follow each other; other groups stand in the order of the answer.
        const bars = per
          ? known.toSorted((a, b) => (a.group < b.group ? -1 : 1)).slice(-MOST_PERIODS)
          : known.slice(0, MOST_BARS);
        const word = STAT_WORDS[stat];
        const kept = per ? 'Only the last ones are shown.' : 'Only the first ones are shown.';
        return {
          kind: 'bar',
          title: `${word.charAt(0).toUpperCase()}${word.slice(1)} ${measure} by ${per ? `${PERIOD_WORDS[per]} of ` : ''}${by}`,
          caption: `One bar for each ${per ? PERIOD_WORDS[per] : 'group'}.${bars.length < totalGroups ? ` ${kept}` : ''}`,
          columns: [by, measure],
          marks: bars.length,
          data: { of: 'bar', by, ...(per ? { per } : {}), measure, stat, bars },
        };
      })
      .filter(({ marks }) => marks > 0),
  );
}

/** For tables that offer nothing else: the frequent values of the column with the fewest. */
function frequentValues({ columns }: Profile): ChartPlan[] {
  const [column] = columns.filter(({ top }) => top.length > 0).toSorted((a, b) => a.distinct - b.distinct);
  if (!column) return [];
  const bars = column.top.map(({ value, count }) => ({ group: value, value: count }));
  const caption = 'How many rows hold each of the most frequent values.';
  return [
    {
      kind: 'counts',
      title: `Frequent values of ${column.name}`,
      caption,
      columns: [column.name],
      marks: bars.length,
      data: { of: 'bar', by: column.name, measure: null, bars },
    },
  ];
}
