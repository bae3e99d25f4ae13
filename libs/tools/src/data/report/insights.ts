import type { Correlation, Grouping, ProfileColumn, Series } from '../model';
import { column, type Item, period, shown, type Text, value } from './document';
import type { ReportInput } from './report-input';

interface Insight {
  readonly score: number;
  /** Columns it speaks of: the same pair is told once. */
  readonly about: string;
  /** Writes it; only what is shown makes claims. */
  write(): Item;
}

const MOST = 7;
const FEWEST_VALUES = 5;

/** What stands out, strongest first: differences between groups, courses, relations, dominance and lopsided spreads. */
export function insightItems(input: ReportInput): Item[] {
  const { aggregates, profile } = input;
  const all: Insight[] = [
    ...aggregates.groupings.flatMap((grouping) => groupInsight(input, grouping)),
    ...aggregates.series.flatMap((series) => seriesInsight(input, series)),
    ...aggregates.correlations.slice(0, 3).flatMap((pair) => pairInsight(input, pair)),
    ...profile.columns.flatMap((one) => dominanceInsight(input, one)),
    ...profile.columns.flatMap((one) => tailInsight(input, one)),
  ];
  const chosen: Insight[] = [];
  for (const insight of all.toSorted((a, b) => b.score - a.score)) {
    if (chosen.length < MOST && !chosen.some(({ about }) => about === insight.about)) chosen.push(insight);
  }
  return chosen.map((insight) => insight.write());
}

function groupInsight(input: ReportInput, grouping: Grouping): Insight[] {
  const { by, measure, explained } = grouping;
  const isAsked = input.aggregates.by === by;
  if (measure === null) return countsInsight(input, grouping, isAsked);
  const solid = grouping.groups.filter(({ count, mean }) => mean !== null && count >= FEWEST_VALUES);
  const known = (solid.length >= 2 ? solid : grouping.groups.filter(({ mean }) => mean !== null)).toSorted(
    (a, b) => (b.mean ?? 0) - (a.mean ?? 0),
  );
  const [high, low] = [known[0], known.at(-1)];
  if (!high || !low || high === low || explained === null) return [];
  const tell = (group: typeof high): Text => {
    const about = { by, group: group.group, column: measure };
    return [
      value(group.group),
      ' (',
      shown(input.book.decimal('group_mean', group.mean ?? 0, about)),
      ' on average over ',
      shown(input.book.whole('group_count', group.count, about)),
      group.count === 1 ? ' row)' : ' rows)',
    ];
  };
  const strength =
    explained >= 0.5 ? ' is largely told by ' : explained >= 0.14 ? ' differs clearly by ' : ' differs somewhat by ';
  const among =
    grouping.totalGroups > grouping.groups.length
      ? 'Among the largest groups it is highest for '
      : 'It is highest for ';
  const write = (): Item => ({
    tone: 'plain',
    head: [column(measure), strength, column(by), '.'],
    body: [
      among,
      ...tell(high),
      ' and lowest for ',
      ...tell(low),
      '. The groups explain ',
      shown(input.book.share('explained', explained, { by, column: measure })),
      ' of its variance.',
    ],
  });
  return [{ score: (isAsked ? 1 : 0) + explained, about: measure, write }];
}

function countsInsight(input: ReportInput, { by, groups, totalGroups }: Grouping, isAsked: boolean): Insight[] {
  const [first, second] = groups;
  if (!isAsked || !first || !second) return [];
  const rows = (group: typeof first): Text => [
    value(group.group),
    ' with ',
    shown(input.book.share('value_count', group.rows / input.profile.rows, { column: by, of: group.group })),
  ];
  const write = (): Item => ({
    tone: 'plain',
    head: [
      'The rows fall into ',
      shown(input.book.whole('groups', totalGroups, { by })),
      ' groups of ',
      column(by),
      '.',
    ],
    body: ['The largest is ', ...rows(first), ' of the rows, followed by ', ...rows(second), '.'],
  });
  return [{ score: 1, about: by, write }];
}

function seriesInsight(input: ReportInput, series: Series): Insight[] {
  const { measure, date, granularity, splitBy, explained } = series;
  const valueOf = (point: Series['points'][number]): number => (measure === null ? point.rows : (point.mean ?? 0));
  const usual = median(series.points.map(({ rows }) => rows));
  const known = series.points.filter(({ mean, rows }) => (measure === null || mean !== null) && rows >= usual / 4);
  if (known.length < 3) return [];
  const sorted = known.toSorted((a, b) => valueOf(b) - valueOf(a));
  const [high, low] = [sorted[0], sorted.at(-1)];
  if (!high || !low || valueOf(high) === valueOf(low)) return [];
  const tell = (point: typeof high): Text => {
    const split = splitBy !== null && point.group !== null ? { splitBy, split: point.group } : {};
    const about = {
      date,
      granularity,
      period: point.period,
      ...split,
      ...(measure === null ? {} : { column: measure }),
    };
    const claim =
      measure === null
        ? input.book.whole('period_rows', point.rows, about)
        : input.book.decimal('period_mean', point.mean ?? 0, about);
    const who: Text = point.group === null ? [] : [' for ', value(point.group)];
    return [' in ', period(periodWord(point.period, granularity)), ...who, ' (', shown(claim), ')'];
  };
  const what: Text = measure === null ? ['The number of rows'] : ['Average ', column(measure)];
  const strength = (explained ?? 0) >= 0.14 ? ' changes clearly over time.' : ' moves over time.';
  const write = (): Item => ({
    tone: 'plain',
    head: [...what, strength],
    body: [
      `Taken by ${granularity} of `,
      column(date),
      ', it was highest',
      ...tell(high),
      ' and lowest',
      ...tell(low),
      '.',
    ],
  });
  return [
    { score: Math.max(explained ?? 0.2, splitBy === null ? 0 : 0.4), about: `${measure ?? ''} over time`, write },
  ];
}

/** How people write a period: `2012`, `2012-03`, `2012-03-05`. */
function periodWord(iso: string, granularity: Series['granularity']): string {
  if (granularity === 'year') return iso.slice(0, 4);
  return granularity === 'month' ? iso.slice(0, 7) : iso;
}

function pairInsight(input: ReportInput, { a, b, r, count }: Correlation): Insight[] {
  if (Math.abs(r) < 0.4) return [];
  const about = { column: a, column2: b };
  const isSame = Math.abs(r) > 0.9999;
  const how = r > 0 ? ' rise and fall together.' : ' go opposite ways: where one is high, the other tends to be low.';
  const note = isSame
    ? ' One can be worked out from the other.'
    : ' That they go together does not say that one causes the other.';
  const write = (): Item => ({
    tone: 'plain',
    head: [column(a), ' and ', column(b), how],
    body: [
      'Their correlation is ',
      shown(input.book.decimal('correlation', r, about)),
      ', over ',
      shown(input.book.whole('pairs', count, about)),
      ` rows that have both.${note}`,
    ],
  });
  return [{ score: r * r * 0.8, about: `${a} with ${b}`, write }];
}

function dominanceInsight(input: ReportInput, one: ProfileColumn): Insight[] {
  const [first] = one.top;
  const rows = input.profile.rows;
  if (!first || one.distinct < 2 || one.distinct > 200 || !['category', 'boolean'].includes(one.role)) return [];
  const share = first.count / rows;
  if (share < 0.5) return [];
  const about = { column: one.name, of: first.value };
  const write = (): Item => ({
    tone: 'plain',
    head: ['One value dominates ', column(one.name), '.'],
    body: [
      value(first.value),
      ' stands in ',
      shown(input.book.share('value_count', share, about)),
      ' of the rows; the column has ',
      shown(input.book.whole('distinct', one.distinct, { column: one.name })),
      ' different values.',
    ],
  });
  return [{ score: (share - 0.4) * 0.6, about: one.name, write }];
}

function tailInsight(input: ReportInput, one: ProfileColumn): Insight[] {
  const { numeric, role } = one;
  if (!numeric || !['number', 'integer'].includes(role) || one.distinct < 10 || numeric.median <= 0 || numeric.min < 0)
    return [];
  const ratio = numeric.mean / numeric.median;
  if (ratio < 1.6) return [];
  const about = { column: one.name };
  const approximate = one.exact ? {} : { approximate: true };
  const write = (): Item => ({
    tone: 'plain',
    head: ['A few large values carry ', column(one.name), '.'],
    body: [
      'The average is ',
      shown(input.book.decimal('mean', numeric.mean, about)),
      ', yet half of the rows stay at or below ',
      shown(input.book.decimal('median', numeric.median, { ...about, ...approximate })),
      ', and the largest reaches ',
      shown(input.book.decimal('max', numeric.max, about)),
      '. The median is the fairer description.',
    ],
  });
  return [{ score: Math.min(0.3, (ratio - 1) / 10), about: `${one.name} tail`, write }];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
