import { column, type Inline, type Section, shown, type Text } from './document';
import type { ReportInput } from './report-input';

const FORMATS = { csv: 'CSV', json: 'JSON', ndjson: 'JSON lines', parquet: 'Parquet' } as const;

/** How it was made, so that it can be made again. */
export function methodSection(input: ReportInput): Section {
  const readings = readingRules(input);
  return {
    id: 'method',
    title: 'How this was made',
    blocks: [
      { type: 'paragraph', text: source(input) },
      ...readings.map((text) => ({ type: 'paragraph', text }) as const),
      { type: 'paragraph', text: RULES },
      { type: 'paragraph', text: tools(input) },
    ],
  };
}

const RULES: Text = [
  'A column counts as numbers or dates only when every value in it does, apart from texts that stand for "nothing". ',
  'Values are far away when they lie more than three interquartile ranges outside of the quartiles. ',
  'Groupings are chosen by the share of variance they explain (eta squared), relations by the strength of the correlation (Pearson). ',
  'Differences, courses and relations are told only where tests on the values (F, Pearson) and on their ranks (Kruskal-Wallis, Spearman) both find them, ',
  'with the share of chance among the findings held below one in twenty over all comparisons that were made (Benjamini-Hochberg). ',
  'Averages leave missing values out. Every number on this page carries a claim that says what it is and from what it can be worked out again: see ',
  { code: 'report.json' },
  '.',
];

function source({ opened, book }: ReportInput): Text {
  const { source: from } = opened;
  const parts: Inline[] = [
    'Source: ',
    { quote: from.name, kind: 'file' },
    ', ',
    shown(book.whole('bytes', from.sizeBytes)),
    ` bytes of ${FORMATS[from.format]}`,
  ];
  if (from.format !== 'parquet') parts.push(' in ', { code: from.encoding });
  if (from.delimiter !== undefined)
    parts.push(', cells parted by ', { code: from.delimiter === '\t' ? 'tab' : from.delimiter });
  if (from.header === false) parts.push(', without a line of names');
  if (from.member !== undefined) parts.push(', rows taken from the member ', { quote: from.member, kind: 'file' });
  return [...parts, '. Its content has the SHA hash ', { code: from.sha256 }, '.'];
}

function readingRules({ profile }: ReportInput): Text[] {
  return profile.columns
    .filter(({ reading }) => reading.formats.length > 0)
    .slice(0, 10)
    .map(({ name, reading }): Text => {
      const formats = reading.formats.flatMap(({ format }, index): Inline[] =>
        index === 0 ? [{ code: format }] : [', ', { code: format }],
      );
      return [column(name), ' was read as dates of the form ', ...formats, '.'];
    });
}

function tools({ profile, charts }: ReportInput): Text {
  const drawn: Text = charts[0] ? [', drawn with ', { code: charts[0].renderer }] : [];
  return ['Counted with ', { code: profile.engine }, ...drawn, '.'];
}
