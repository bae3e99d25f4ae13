import type { TopLevelSpec } from 'vega-lite' with { 'resolution-mode': 'import' };
import { type ChartData, type ChartPlan, STAT_WORDS } from './chart-plan';

const WIDTH = 760;
const HEIGHT = 260;
const BAR_STEP = 24;
const MAIN = '#3b6fd4';
const LINES = ['#3b6fd4', '#d97706', '#0f9d7a', '#c2410c', '#7c5cd6', '#64748b'];
const INK = '#64748b';
const TITLE_CHARS = 70;

const CONFIG: TopLevelSpec['config'] = {
  background: undefined,
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: INK,
    titleColor: INK,
    tickColor: '#94a3b8',
    domainColor: '#94a3b8',
    gridColor: '#94a3b8',
    gridOpacity: 0.25,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 500,
    labelLimit: 200,
    titlePadding: 8,
  },
  legend: { labelColor: INK, titleColor: INK, labelFontSize: 11, titleFontSize: 12 },
  title: { color: '#334155', fontSize: 15, fontWeight: 600, anchor: 'start', offset: 14 },
};

/** Writes one chart as a Vega-Lite specification with its data inside. */
export function chartSpec(plan: ChartPlan): TopLevelSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: shorten(plan.title, TITLE_CHARS),
    width: WIDTH,
    config: CONFIG,
    padding: 8,
    autosize: { type: 'fit-x', contains: 'padding' },
    ...body(plan.data),
  } as TopLevelSpec;
}

function body(data: ChartData): object {
  switch (data.of) {
    case 'line':
      return line(data);
    case 'bar':
      return bar(data);
    case 'histogram':
      return histogram(data);
    case 'pair':
      return data.pair.dots ? scatter(data) : heatmap(data);
    case 'missing':
      return missing(data);
  }
}

function line({ series, stat }: Extract<ChartData, { of: 'line' }>): object {
  const values = series.points.map((point) => ({
    period: point.period,
    group: shorten(point.group ?? '', 30),
    value: stat === 'rows' ? point.rows : point.mean,
  }));
  const color =
    series.splitBy === null
      ? { value: MAIN }
      : { field: 'group', type: 'nominal', title: axisTitle(series.splitBy), scale: { range: LINES } };
  return {
    height: HEIGHT,
    data: { values },
    mark: {
      type: 'line',
      strokeWidth: 2,
      point: { size: values.length > 80 ? 12 : 26, filled: true },
      interpolate: 'linear',
    },
    encoding: {
      x: {
        field: 'period',
        type: 'temporal',
        title: `${axisTitle(series.date)} (${series.granularity})`,
        axis: { labelOverlap: true, grid: false },
      },
      y: {
        field: 'value',
        type: 'quantitative',
        title: series.measure === null ? 'rows' : `average ${axisTitle(series.measure)}`,
        scale: { zero: false },
        axis: numberAxis(values.map(({ value }) => value ?? 0)),
      },
      color,
    },
  };
}

function bar({ by, measure, bars, stat = 'mean' }: Extract<ChartData, { of: 'bar' }>): object {
  const names = distinct(bars.map(({ group }) => shorten(group === '' ? '(empty text)' : group, 34)));
  const values = bars.map(({ value }, index) => ({ name: names[index], value }));
  return {
    height: { step: BAR_STEP },
    data: { values },
    mark: { type: 'bar', color: MAIN, cornerRadiusEnd: 3, height: { band: 0.72 } },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: null,
        title: axisTitle(by),
        axis: { domain: false, ticks: false, labelPadding: 6 },
      },
      x: {
        field: 'value',
        type: 'quantitative',
        title: measure === null ? 'rows' : `${STAT_WORDS[stat]} ${axisTitle(measure)}`,
        axis: numberAxis(bars.map(({ value }) => value)),
      },
    },
  };
}

/** Names on the axis: two long ones that look the same once shortened, or in two spellings of white space, are told apart by a number. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let count = 2; taken.has(own); count += 1) own = `${name} (${count})`;
    taken.add(own);
    return own;
  });
}

function histogram({ column, width, buckets }: Extract<ChartData, { of: 'histogram' }>): object {
  return {
    height: HEIGHT,
    data: { values: buckets.map(({ from, count }) => ({ from, to: from + width, count })) },
    mark: { type: 'bar', color: MAIN, binSpacing: 1 },
    encoding: {
      x: {
        field: 'from',
        bin: { binned: true, step: width },
        type: 'quantitative',
        title: axisTitle(column),
        axis: { ...numberAxis(buckets.map(({ from }) => from)), grid: false },
      },
      x2: { field: 'to' },
      y: { field: 'count', type: 'quantitative', title: 'rows', axis: numberAxis(buckets.map(({ count }) => count)) },
    },
  };
}

function scatter({ pair }: Extract<ChartData, { of: 'pair' }>): object {
  const dots = pair.dots ?? [];
  return {
    height: 320,
    data: { values: dots },
    mark: { type: 'point', filled: true, color: MAIN, size: 22, opacity: 0.5, aria: false },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: axisTitle(pair.a),
        scale: { zero: false },
        axis: numberAxis(dots.map(({ x }) => x)),
      },
      y: {
        field: 'y',
        type: 'quantitative',
        title: axisTitle(pair.b),
        scale: { zero: false },
        axis: numberAxis(dots.map(({ y }) => y)),
      },
    },
  };
}

function heatmap({ pair }: Extract<ChartData, { of: 'pair' }>): object {
  const cells = (pair.cells ?? []).map(({ x, y, count }) => ({
    x,
    x2: x + pair.xWidth,
    y,
    y2: y + pair.yWidth,
    count,
  }));
  return {
    height: 320,
    data: { values: cells },
    mark: { type: 'rect', aria: false },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: axisTitle(pair.a),
        scale: { zero: false, nice: false },
        axis: { ...numberAxis(cells.map(({ x }) => x)), grid: false },
      },
      x2: { field: 'x2' },
      y: {
        field: 'y',
        type: 'quantitative',
        title: axisTitle(pair.b),
        scale: { zero: false, nice: false },
        axis: { ...numberAxis(cells.map(({ y }) => y)), grid: false },
      },
      y2: { field: 'y2' },
      color: {
        field: 'count',
        type: 'quantitative',
        title: 'rows',
        scale: { type: 'symlog', range: ['#dbe6fb', '#1e3f86'] },
      },
    },
  };
}

function missing({ bars }: Extract<ChartData, { of: 'missing' }>): object {
  const names = distinct(bars.map(({ column }) => shorten(column, 34)));
  return {
    height: { step: BAR_STEP },
    data: { values: bars.map(({ share }, index) => ({ name: names[index], share })) },
    mark: { type: 'bar', color: '#d97706', cornerRadiusEnd: 3, height: { band: 0.72 } },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: null,
        title: null,
        axis: { domain: false, ticks: false, labelPadding: 6 },
      },
      x: {
        field: 'share',
        type: 'quantitative',
        title: 'share of rows without a value',
        axis: { format: '~%', tickCount: 5 },
      },
    },
  };
}

function numberAxis(values: readonly number[]): { format?: string; tickCount: number } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest >= 100_000 ? { format: '~s', tickCount: 6 } : { tickCount: 6 };
}

function axisTitle(name: string): string {
  return shorten(name, 40);
}

function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}
