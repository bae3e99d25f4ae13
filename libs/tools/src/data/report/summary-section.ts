import { nounFor } from '@goalkeeper/domain';
import type { Section, Text } from './document';
import { column, shown } from './document';
import type { ReportInput } from './report-input';

/** What is in the data, at a glance, and the first thing that stands out. */
export function summarySection(input: ReportInput, strongest: Text | null): Section {
  const { profile, quality, book } = input;
  const missing = profile.columns.reduce((sum, one) => sum + one.missing, 0);
  const cells = profile.rows * profile.columns.length;
  const copies = quality.findings.find(({ kind }) => kind === 'duplicate_rows')?.count ?? 0;
  const serious = quality.findings.some(({ severity }) => severity === 'high');
  const lead = [
    ...contents(input),
    ...(strongest ? (['What stands out most: ', ...strongest, ' '] as const) : []),
    trust(input, serious),
  ];
  return {
    id: 'summary',
    title: 'Summary',
    blocks: [
      { type: 'paragraph', text: lead },
      {
        type: 'tiles',
        tiles: [
          { label: 'Rows', text: [shown(book.whole('rows', profile.rows))] },
          { label: 'Columns', text: [shown(book.whole('columns', profile.columns.length))] },
          { label: 'Missing cells', text: [shown(book.share('missing_cells', missing / cells))] },
          { label: 'Repeated rows', text: [shown(book.whole('duplicates', copies))] },
        ],
      },
    ],
  };
}

const ROLE_WORDS = [
  { roles: ['number', 'integer', 'year'], words: 'numbers' },
  { roles: ['category', 'boolean'], words: 'categories' },
  { roles: ['date'], words: 'dates' },
  { roles: ['text'], words: 'free text' },
  { roles: ['id'], words: 'identifiers' },
];

function contents({ profile, book }: ReportInput): Text {
  const kinds = ROLE_WORDS.filter(({ roles }) => profile.columns.some(({ role }) => roles.includes(role))).map(
    ({ words }) => words,
  );
  const start: Text = [
    'The table holds ',
    shown(book.whole('rows', profile.rows)),
    ` ${nounFor(profile.rows, 'row')} of `,
    joinWords(kinds),
  ];
  const date = profile.columns.find(({ role, dates }) => role === 'date' && dates !== null);
  if (!date?.dates || date.dates.min === date.dates.max) return [...start, '. '];
  const about = { column: date.name };
  return [
    ...start,
    '; ',
    column(date.name),
    ' runs from ',
    shown(book.date('min', date.dates.min, about)),
    ' to ',
    shown(book.date('max', date.dates.max, about)),
    '. ',
  ];
}

function trust({ opened }: ReportInput, serious: boolean): string {
  if (opened.repairs.length > 0)
    return 'The file was damaged and had to be repaired to be read: see what to distrust before using any number.';
  return serious ? 'Some columns deserve caution: see what to distrust.' : 'Nothing serious speaks against the data.';
}

/** "a", "a and b", "a, b and c". */
export function joinWords(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? 'nothing';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
