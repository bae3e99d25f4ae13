import type { ColumnRole, ProfileColumn } from '../model';
import { column, type Section, shown, type Text, value } from './document';
import type { ReportInput } from './report-input';

const MOST_COLUMNS = 120;

const ROLES: Readonly<Record<ColumnRole, string>> = {
  number: 'number',
  integer: 'whole number',
  year: 'year',
  date: 'date',
  boolean: 'yes or no',
  category: 'category',
  text: 'text',
  id: 'identifier',
  empty: 'empty',
};

const HEAD = [
  { label: 'Column', isNumber: false },
  { label: 'Kind', isNumber: false },
  { label: 'Missing', isNumber: true },
  { label: 'Different', isNumber: true },
  { label: 'Lowest', isNumber: true },
  { label: 'Median', isNumber: true },
  { label: 'Average', isNumber: true },
  { label: 'Highest', isNumber: true },
  { label: 'Most frequent', isNumber: false },
];

/** One line for every column. */
export function columnsSection(input: ReportInput): Section {
  const { columns } = input.profile;
  const rows = columns.slice(0, MOST_COLUMNS).map((one) => line(input, one));
  const rest =
    columns.length > MOST_COLUMNS
      ? [
          {
            type: 'paragraph',
            text: ['The table is cut; the remaining columns were read and checked as well.'],
          } as const,
        ]
      : [];
  return { id: 'columns', title: 'The columns', blocks: [{ type: 'table', head: HEAD, rows }, ...rest] };
}

function line({ book, profile }: ReportInput, one: ProfileColumn): Text[] {
  const about = { column: one.name };
  const approximate = one.exact ? {} : { approximate: true };
  return [
    [column(one.name)],
    [ROLES[one.role]],
    [shown(book.share('missing', one.missing / profile.rows, about))],
    [shown(book.whole('distinct', one.distinct, { ...about, ...approximate }))],
    ...range({ book }, one),
    frequent({ book }, one),
  ];
}

function range({ book }: Pick<ReportInput, 'book'>, one: ProfileColumn): Text[] {
  const about = { column: one.name };
  const approximate = one.exact ? {} : { approximate: true };
  if (one.dates)
    return [[shown(book.date('min', one.dates.min, about))], [], [], [shown(book.date('max', one.dates.max, about))]];
  const { numeric } = one;
  if (!numeric || one.role === 'id') return [[], [], [], []];
  const low = shown(book.decimal('min', numeric.min, about));
  const middle: Text[] =
    one.role === 'year'
      ? [[], []]
      : [
          [shown(book.decimal('median', numeric.median, { ...about, ...approximate }))],
          [shown(book.decimal('mean', numeric.mean, about))],
        ];
  return [[low], ...middle, [shown(book.decimal('max', numeric.max, about))]];
}

function frequent({ book }: Pick<ReportInput, 'book'>, one: ProfileColumn): Text {
  const [first] = one.top;
  if (!first || first.count < 2 || one.role === 'id') return [];
  return [
    value(first.value),
    ' × ',
    shown(book.whole('value_count', first.count, { column: one.name, of: first.value })),
  ];
}
