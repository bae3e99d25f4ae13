import { nounFor } from '@goalkeeper/domain';
import type { Asked, AskedGroup, Statistic } from '../model';
import type { Claim, ClaimBook, ClaimKind } from './claims';
import { askedPart, byText, groupName, shareOf, whereText } from './asked-words';
import { type Block, column, type Inline, type Item, type Section, shown, type Text } from './document';
import type { ReportInput } from './report-input';

const WORDS: Readonly<Record<Statistic, { readonly head: string; readonly cell: string }>> = {
  distinct: { head: 'Number of different values', cell: 'Different' },
  count: { head: 'Number of values', cell: 'Values' },
  sum: { head: 'Total', cell: 'Total' },
  mean: { head: 'Average', cell: 'Average' },
  median: { head: 'Median', cell: 'Median' },
  min: { head: 'Lowest value', cell: 'Lowest' },
  max: { head: 'Highest value', cell: 'Highest' },
};
const OF_GROUP = {
  ...{ count: 'group_count', distinct: 'group_distinct', sum: 'group_sum', mean: 'group_mean' },
  ...{ median: 'group_median', min: 'group_min', max: 'group_max' },
} as const satisfies Record<Statistic, ClaimKind>;
const OF_ALL = {
  ...{ count: 'present', distinct: 'distinct', sum: 'sum', mean: 'mean', median: 'median', min: 'min', max: 'max' },
} as const satisfies Record<Statistic, ClaimKind>;
/** Columns of the table whatever was asked, behind what was asked. */
const ALWAYS: readonly Statistic[] = ['count', 'sum', 'mean'];
const MOST_NAMED = 10;

/** One number to tell: a statistic of a measure, or the rows of a group. */
interface Told {
  readonly statistic: Statistic;
  readonly index: number;
  readonly measure: string | null;
}

/** What was asked, answered in sentences, with a table of the groups; null when nothing was asked. */
export function answerSection({ aggregates, profile, book }: ReportInput): Section | null {
  const { asked } = aggregates;
  if (!asked || asked.groups.length === 0) return null;
  const told = asked.measures.length > 0 ? toldOf(asked) : [{ statistic: 'count', index: 0, measure: null } as const];
  const items: Item[] = told.map((one, index) => {
    const [head, body] = asked.by === null ? wholeAnswer(book, asked, one) : groupAnswer(book, asked, one);
    return { tone: 'plain', head, body: index === 0 ? [...body, ...shareOf(book, asked, profile.rows)] : body };
  });
  const blocks: Block[] = [
    { type: 'items', items },
    ...(asked.by === null ? [] : [tableOf(book, asked)]),
    ...notesOf(book, asked),
  ];
  return { id: 'answer', title: 'The answer', blocks };
}

function toldOf({ measures, statistics }: Asked): Told[] {
  return measures.flatMap((measure, index) => statistics.map((statistic) => ({ statistic, index, measure })));
}

function numberOf({ rows, values }: AskedGroup, { statistic, index, measure }: Told): number | null {
  return measure === null ? rows : (values[index]?.[statistic] ?? null);
}

function claimOf(book: ClaimBook, asked: Asked, group: AskedGroup, told: Told): Claim | null {
  const number = numberOf(group, told);
  if (number === null) return null;
  const { by } = asked;
  const { statistic, measure } = told;
  const about = {
    ...(measure === null ? {} : { column: measure }),
    ...(by === null ? {} : { by, group: group.group ?? '' }),
    ...askedPart(asked),
  };
  if (measure === null) return book.whole(by === null ? 'rows' : 'group_rows', number, about);
  const kind = by === null ? OF_ALL[statistic] : OF_GROUP[statistic];
  return statistic === 'count' || statistic === 'distinct'
    ? book.whole(kind, number, about)
    : book.amount(kind, number, about);
}

function wholeAnswer(book: ClaimBook, asked: Asked, told: Told): [Text, Text] {
  const [all] = asked.groups;
  const claim = all ? claimOf(book, asked, all, told) : null;
  const what: Text =
    told.measure === null ? ['Number of rows'] : [WORDS[told.statistic].head, ' of ', column(told.measure)];
  return [[...what, ...whereText(asked), ':'], claim ? [shown(claim), '.'] : ['no row has a value.']];
}

function groupAnswer(book: ClaimBook, asked: Asked, told: Told): [Text, Text] {
  const what = told.measure === null ? 'Number of rows' : WORDS[told.statistic].head;
  const of: Text = told.measure === null ? [] : [' of ', column(told.measure)];
  const head: Text = [what, ...of, ' by ', ...byText(asked), ...whereText(asked), ':'];
  const known = asked.groups.filter((group) => numberOf(group, told) !== null);
  const number = (group: AskedGroup): number => numberOf(group, told) ?? 0;
  const ranked = known.toSorted((a, b) => number(b) - number(a));
  // Groups beyond those at hand are known to come later only in the order that they were taken by.
  const isWhole = asked.totalGroups <= asked.groups.length || isFirst(asked, told);
  if (ranked.length === 0 || !isWhole)
    return [head, [isWhole ? 'no group has a value.' : 'see the file of all groups.']];
  const tell = (group: AskedGroup): Text => {
    const claim = claimOf(book, asked, group, told);
    return [groupName(asked, group), ' with ', ...(claim ? [shown(claim)] : [])];
  };
  if (ranked.length === 1 && ranked[0]) return [head, ['the only group is ', ...tell(ranked[0]), '.']];
  const directions = directionsOf(asked, told);
  const parts = directions.map((direction, index): Text => {
    const sorted = direction === 'desc' ? ranked : ranked.toReversed();
    const named = sorted.slice(0, Math.min(MOST_NAMED, Math.max(asked.top ?? 1, tiesOf(sorted, number))));
    const start = direction === 'desc' ? 'highest is ' : 'lowest is ';
    return [...(index === 0 ? [] : ['; ']), start, ...listOf(named.map(tell))];
  });
  return [head, [...parts.flat(), '.']];
}

/** Highest and lowest where no order was asked for, as far as both are known. */
function directionsOf(asked: Asked, told: Told): ('desc' | 'asc')[] {
  const own = told.statistic === 'max' ? 'desc' : told.statistic === 'min' ? 'asc' : null;
  const given = (asked.order ?? '').split(',').filter((one) => one === 'desc' || one === 'asc');
  if (own && given.includes(own)) return [own];
  const wanted = given.length > 0 ? given : (['desc', 'asc'] as const);
  const first = asked.order?.split(',')[0] === 'asc' ? 'asc' : 'desc';
  return asked.totalGroups <= asked.groups.length ? [...wanted] : wanted.filter((one) => one === first);
}

function isFirst({ statistics, measures }: Asked, { statistic, index, measure }: Told): boolean {
  return measure === null || measures.length === 0 || (statistic === statistics[0] && index === 0);
}

/** How many share the first place. */
function tiesOf(sorted: readonly AskedGroup[], number: (group: AskedGroup) => number): number {
  const [first] = sorted;
  return first ? sorted.filter((group) => number(group) === number(first)).length : 0;
}

function listOf(texts: readonly Text[]): Inline[] {
  return texts.flatMap((text, index): Inline[] => {
    const start = index === 0 ? [] : [index === texts.length - 1 ? ' and ' : ', '];
    return [...start, ...text];
  });
}

function tableOf(book: ClaimBook, asked: Asked): Block {
  const told = toldOf(asked);
  const others = asked.measures.flatMap((measure, index) =>
    ALWAYS.filter((one) => !asked.statistics.includes(one)).map((statistic) => ({ statistic, index, measure })),
  );
  const hasNumbers = ({ statistic, index }: Told): boolean =>
    statistic === 'count' || asked.groups.some(({ values }) => (values[index]?.[statistic] ?? null) !== null);
  const cells = [...told, ...others.filter(hasNumbers)];
  const rows: Told = { statistic: 'count', index: 0, measure: null };
  const head = [
    { label: 'Group', isNumber: false },
    ...cells.map(({ statistic, measure }) => ({
      label: WORDS[statistic].cell,
      isNumber: true,
      ...(asked.measures.length > 1 && measure !== null ? { of: measure } : {}),
    })),
    { label: 'Rows', isNumber: true },
  ];
  const lines = asked.groups.map((group): Text[] => [
    [groupName(asked, group)],
    ...[...cells, rows].map((one): Text => {
      const claim = claimOf(book, asked, group, one);
      return claim ? [shown(claim)] : [];
    }),
  ]);
  return { type: 'table', head, rows: lines };
}

function notesOf(book: ClaimBook, asked: Asked): Block[] {
  const { by, groups, totalGroups, ungrouped: missing = 0 } = asked;
  if (by === null) return [];
  const more: Text =
    totalGroups > groups.length
      ? [
          'The table is cut: there are ',
          shown(
            book.whole('groups_more', totalGroups - groups.length, { by, low: groups.length, ...askedPart(asked) }),
          ),
          ' more groups, which stand with these in ',
          { code: 'groups.csv' },
          '.',
        ]
      : ['All groups, with all that was worked out, stand in ', { code: 'groups.csv' }, ' as well.'];
  const gaps: Text =
    missing > 0
      ? [
          ' In ',
          shown(book.whole('missing', missing, { column: by, ...askedPart(asked) })),
          ` ${nounFor(missing, 'row')} `,
          column(by),
          ' is missing; they belong to no group.',
        ]
      : [];
  return [{ type: 'paragraph', text: [...more, ...gaps] }];
}
