import { nounFor } from '@goalkeeper/domain';
import { chiSquaredTail, FALSE_SHARE } from '../aggregate/significance';
import { solidPoints } from '../aggregate/solid-points';
import type { Correlation, Group, Grouping, Point, ProfileColumn, Series } from '../model';
import type { ClaimBook } from './claims';
import { column, period, shown, type Text, value } from './document';

export interface Insight {
  /** How much it matters, mostly a share of variance; what the goal asked for stands above 1. */
  readonly score: number;
  readonly kind: 'groups' | 'course' | 'pair' | 'dominance' | 'tail';
  /** What it speaks of: told once. */
  readonly about: string;
  /** The point of it, without numbers. */
  readonly head: Text;
  /** The numbers; called only for what is shown, so that no other claims are made. */
  body(book: ClaimBook): Text;
}

const FEWEST_VALUES = 5;
/** Cohen's marks for eta squared: from here on a difference is large. */
const LARGE = 0.14;

/** Below this share of the variance a difference between groups is one that nobody would notice. */
const SLIGHT = 0.01;

/** A measure that differs between groups, or how the rows fall into them. */
export function groupInsight(
  grouping: Grouping,
  rows: number,
  { asked, limit }: { readonly asked: string | null; readonly limit: number },
): Insight[] {
  const { by, measure, explained } = grouping;
  const isFound = (grouping.p ?? 1) <= limit;
  if (measure === null) return by === asked ? countsInsight(grouping, rows) : [];
  const known = grouping.groups.filter(({ mean }) => mean !== null);
  const solid = known.filter(({ count }) => count >= FEWEST_VALUES);
  const ranked = (solid.length >= 2 ? solid : known).toSorted((a, b) => (b.mean ?? 0) - (a.mean ?? 0));
  const [high, low] = [ranked[0], ranked.at(-1)];
  if (!high || !low || high === low || explained === null) return [];
  if (by !== asked && (!isFound || explained < SLIGHT)) return [];
  const strength = !isFound
    ? ' shows no clear difference by '
    : explained >= 0.5
      ? ' is largely told by '
      : explained >= LARGE
        ? ' differs clearly by '
        : explained >= SLIGHT
          ? ' differs somewhat by '
          : ' hardly differs by ';
  const among =
    grouping.totalGroups > grouping.groups.length
      ? 'Among the largest groups it is highest for '
      : 'It is highest for ';
  const body = (book: ClaimBook): Text => [
    among,
    ...averageOf(book, grouping, high),
    ' and lowest for ',
    ...averageOf(book, grouping, low),
    ...ratioOf(book, grouping, { high, low }),
    '. The groups explain ',
    shown(book.share('explained', explained, { by, column: measure })),
    ...(isFound ? [' of its variance.'] : unclear(book, grouping)),
  ];
  const head: Text = [column(measure), strength, column(by), '.'];
  const score = isFound ? (by === asked ? 1 : 0) + explained : 0;
  return [{ score, kind: 'groups', about: measure, head, body }];
}

/**
 * What was measured says neither that there is a difference nor that there is none: k groups of n values that were drawn at random explain
 * (k - 1) / (n - 1) of the variance on average.
 */
function unclear(book: ClaimBook, { by, measure, groups, totalGroups }: Grouping): Text {
  const known = groups.filter(({ count }) => count > 0);
  const values = known.reduce((sum, { count }) => sum + count, 0);
  if (totalGroups > groups.length || values < 2)
    return [' of its variance, which neither shows a difference nor rules one out.'];
  const about = { by, column: measure ?? '' };
  return [
    ' of its variance; groups of as many rows that are drawn at random explain ',
    shown(book.share('explained_at_random', (known.length - 1) / (values - 1), about)),
    ' on average. This neither shows a difference nor rules one out.',
  ];
}

function averageOf(book: ClaimBook, { by, measure }: Grouping, { group, mean, count }: Group): Text {
  const about = { by, group, column: measure ?? '' };
  const average = shown(book.decimal('group_mean', mean ?? 0, about));
  return [
    value(group),
    ' (',
    average,
    ' on average over ',
    shown(book.whole('group_count', count, about)),
    ` ${nounFor(count, 'row')})`,
  ];
}

/** How many times the lowest goes into the highest, where that says more than the two numbers. */
function ratioOf(book: ClaimBook, { by, measure }: Grouping, { high, low }: { high: Group; low: Group }): Text {
  const [top, bottom] = [high.mean ?? 0, low.mean ?? 0];
  if (bottom <= 0 || top / bottom < 1.5) return [];
  const about = { by, group: high.group, group2: low.group, column: measure ?? '' };
  return [', a factor of ', shown(book.decimal('group_ratio', top / bottom, about))];
}

function countsInsight({ by, groups, totalGroups }: Grouping, rows: number): Insight[] {
  const [first, second] = groups;
  if (!first || !second) return [];
  const part = (book: ClaimBook, group: Group): Text => [
    value(group.group),
    ' with ',
    shown(book.share('value_count', group.rows / rows, { column: by, of: group.group })),
  ];
  const body = (book: ClaimBook): Text => [
    'There are ',
    shown(book.whole('groups', totalGroups, { by })),
    ' groups. The largest is ',
    ...part(book, first),
    ' of the rows, followed by ',
    ...part(book, second),
    '.',
  ];
  return [{ score: 1, kind: 'groups', about: by, head: ['How the rows fall into groups of ', column(by), '.'], body }];
}

/** Below this a course is one that nobody would notice, though a test may: of Spearman's correlation with time. */
const FAINT = 0.1;
/** The rows of a period differ from even ones by this share of all rows, at least. */
const UNEVEN = 0.02;

/** How a measure moves: told from ranks, so that one far value makes no course; null where it may be chance or is faint. */
function movement({ trend, ranked }: Series, limit: number): { words: string; share: number } | null {
  const isTrend = trend && trend.p <= limit && Math.abs(trend.rho) >= FAINT;
  const isMoving = ranked && ranked.p <= limit && ranked.eta >= SLIGHT;
  const share = Math.max(isTrend ? trend.rho ** 2 : 0, isMoving ? ranked.eta : 0);
  if (isTrend && (trend.rho ** 2 >= LARGE || !isMoving))
    return { words: trend.rho > 0 ? ' tends to rise over time.' : ' tends to fall over time.', share };
  if (!isMoving) return null;
  return { words: ranked.eta >= LARGE ? ' changes clearly over time.' : ' moves over time.', share };
}

/** How uneven the rows fall on the periods; null where that may be chance. */
function unevenness(points: readonly Point[], limit: number): { words: string; share: number } | null {
  const total = points.reduce((sum, { rows }) => sum + rows, 0);
  const even = total / points.length;
  const squares = points.reduce((sum, { rows }) => sum + (rows - even) ** 2 / even, 0);
  const isFound =
    chiSquaredTail(squares, points.length - 1) <= Math.max(limit, FALSE_SHARE) && squares / total >= UNEVEN;
  return isFound ? { words: ' moves over time.', share: 0.2 } : null;
}

/** The highest and lowest period of a measure, or of the number of rows. */
export function seriesInsight(series: Series, limit: number): Insight[] {
  const { measure, splitBy } = series;
  const valueOf = (point: Point): number => (measure === null ? point.rows : (point.mean ?? 0));
  const sorted = solidPoints(series).toSorted((a, b) => valueOf(b) - valueOf(a));
  const [high, low] = [sorted[0], sorted.at(-1)];
  if (!high || !low || sorted.length < 3 || valueOf(high) === valueOf(low)) return [];
  const what: Text = measure === null ? ['The number of rows'] : ['Average ', column(measure)];
  const found = measure === null ? unevenness(sorted, limit) : movement(series, limit);
  if (!found) return [];
  const body = (book: ClaimBook): Text => [
    `Taken by ${series.granularity} of `,
    column(series.date),
    ', it was highest',
    ...pointOf(book, series, high),
    ' and lowest',
    ...pointOf(book, series, low),
    '.',
  ];
  const score = Math.max(found.share, splitBy === null ? 0 : 0.4);
  return [{ score, kind: 'course', about: `${measure ?? ''} over time`, head: [...what, found.words], body }];
}

function pointOf(book: ClaimBook, { date, granularity, measure, splitBy }: Series, point: Point): Text {
  const split = splitBy !== null && point.group !== null ? { splitBy, split: point.group } : {};
  const about = { date, granularity, period: point.period, ...split };
  const claim =
    measure === null
      ? book.whole('period_rows', point.rows, about)
      : book.decimal('period_mean', point.mean ?? 0, { ...about, column: measure });
  const who: Text = point.group === null ? [] : [' for ', value(point.group)];
  return [' in ', period(periodWord(point.period, granularity)), ...who, ' (', shown(claim), ')'];
}

/** How people write a period: `2012`, `2012-03`, `2012-03-05`. */
function periodWord(iso: string, granularity: Series['granularity']): string {
  if (granularity === 'year') return iso.slice(0, 4);
  return granularity === 'month' ? iso.slice(0, 7) : iso;
}

/** Two measures that go together. */
export function pairInsight({ a, b, r, rho, p, count }: Correlation, limit: number): Insight[] {
  // Ranks must agree, for one far value can make any correlation.
  const isFound = (p ?? 1) <= limit && Math.abs(rho ?? 0) >= 0.2 && Math.sign(rho ?? 0) === Math.sign(r);
  if (Math.abs(r) < 0.4 || !isFound) return [];
  const about = { column: a, column2: b };
  const isSame = Math.abs(r) > 0.9999;
  const how = r > 0 ? ' rise and fall together.' : ' go opposite ways: where one is high, the other tends to be low.';
  const note = isSame
    ? ' One can be worked out from the other.'
    : ' That they go together does not say that one causes the other.';
  const body = (book: ClaimBook): Text => [
    'Their correlation is ',
    shown(book.decimal('correlation', r, about)),
    ', over ',
    shown(book.whole('pairs', count, about)),
    ` rows that have both.${note}`,
  ];
  const score = isSame ? 0.1 : r * r * 0.8;
  return [{ score, kind: 'pair', about: `${a} with ${b}`, head: [column(a), ' and ', column(b), how], body }];
}

/** One value that stands in most rows. */
export function dominanceInsight(one: ProfileColumn, rows: number): Insight[] {
  const [first] = one.top;
  if (!first || one.distinct < 2 || one.distinct > 200 || !['category', 'boolean'].includes(one.role)) return [];
  const share = first.count / rows;
  if (share < 0.5) return [];
  const body = (book: ClaimBook): Text => [
    value(first.value),
    ' stands in ',
    shown(book.share('value_count', share, { column: one.name, of: first.value })),
    ' of the rows; the column has ',
    shown(book.whole('distinct', one.distinct, { column: one.name, ...(one.exact ? {} : { approximate: true }) })),
    ' different values.',
  ];
  return [
    {
      score: (share - 0.4) * 0.6,
      kind: 'dominance',
      about: one.name,
      head: ['One value dominates ', column(one.name), '.'],
      body,
    },
  ];
}

/** A long tail: the mean far above the median. */
export function tailInsight(one: ProfileColumn): Insight[] {
  const { numeric, role } = one;
  const isAmount = numeric !== null && (role === 'number' || role === 'integer') && one.distinct >= 10;
  if (!isAmount || numeric.median <= 0 || numeric.min < 0) return [];
  const ratio = numeric.mean / numeric.median;
  if (ratio < 1.6) return [];
  const about = { column: one.name };
  const body = (book: ClaimBook): Text => [
    'The average is ',
    shown(book.decimal('mean', numeric.mean, about)),
    ', yet half of the rows stay at or below ',
    shown(book.decimal('median', numeric.median, { ...about, ...(one.exact ? {} : { approximate: true }) })),
    ', and the largest reaches ',
    shown(book.decimal('max', numeric.max, about)),
    '. The median is the fairer description.',
  ];
  return [
    {
      score: Math.min(0.3, (ratio - 1) / 10),
      kind: 'tail',
      about: `${one.name} tail`,
      head: ['A few large values carry ', column(one.name), '.'],
      body,
    },
  ];
}
