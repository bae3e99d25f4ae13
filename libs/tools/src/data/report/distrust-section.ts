import { nounFor } from '@goalkeeper/domain';
import type { Finding, FindingKind } from '../model';
import type { Repair } from '../schemas';
import type { ClaimKind } from './claims';
import { column, type Inline, type Item, type Section, shown, type Text, value } from './document';
import type { ReportInput } from './report-input';

const MOST = 14;
const MOST_BUNDLED = 12;

/** Repairs first, then the findings, worst first. */
export function distrustSection(input: ReportInput): Section {
  const bundles = bundled(input.quality.findings);
  const items = [
    ...input.opened.repairs.map((repair) => repairItem(input, repair)),
    ...bundles.slice(0, MOST).map((bundle) => bundleItem(input, bundle)),
  ];
  const nothing = 'No column is incomplete, repeated, mixed or far off in a way that these checks would see.';
  const more =
    bundles.length > MOST
      ? ['Smaller findings of the same kinds are left out here; the table of columns shows every gap.']
      : [];
  return {
    id: 'distrust',
    title: 'What to distrust',
    blocks: [
      ...(items.length > 0 ? [{ type: 'items', items } as const] : [{ type: 'paragraph', text: [nothing] } as const]),
      ...more.map((text) => ({ type: 'paragraph', text: [text] }) as const),
    ],
  };
}

const REPAIRS: Readonly<Record<string, { head: string; body: string }>> = {
  transcoded: {
    head: 'The file was not Unicode text (UTF)',
    body: 'Its encoding was guessed from its bytes. Look at accented letters before you trust them.',
  },
  short_rows_padded: {
    head: 'Short rows were filled up',
    body: 'They have fewer cells than the table has columns; the cells at the end count as missing.',
  },
  empty_extra_cells_dropped: { head: 'Empty cells beyond the last column were dropped', body: 'Nothing was lost.' },
  long_rows_left_out: {
    head: 'Rows with too many cells were left out',
    body: 'Which cell belongs to which column could not be told, so no number here knows of them.',
  },
  unclosed_quote: {
    head: 'A quotation mark is never closed',
    body: 'All text after it was taken as one cell; rows may be missing at the end.',
  },
  empty_name_filled: { head: 'A column had no name', body: 'It was given one by its place.' },
  repeated_name_changed: { head: 'Two columns had the same name', body: 'The later one was given a new name.' },
  broken_lines_left_out: { head: 'Lines that are no JSON object were left out', body: 'No number here knows of them.' },
};

function repairItem({ book }: ReportInput, { kind, count, example }: Repair): Item {
  const words = REPAIRS[kind];
  if (!words) throw new Error(`the report has no words for the repair ${kind}`);
  const times = shown(book.whole('repairs', count, { repair: kind }));
  const lost = kind === 'long_rows_left_out' || kind === 'broken_lines_left_out' || kind === 'unclosed_quote';
  const first: Text = example === '' ? [] : [' First: ', { code: example }, '.'];
  return {
    tone: lost ? 'high' : 'medium',
    head: [words.head, ' (', times, ` ${nounFor(count, 'time')}).`],
    body: [words.body, ...first],
  };
}

function findingItem(input: ReportInput, finding: Finding): Item {
  return { tone: finding.severity, head: headOf(input, finding), body: [finding.meaning, ...exampleOf(finding)] };
}

/** Findings of one kind and weight that are told together when there are several: nobody reads ten times the same sentence. */
function bundled(findings: readonly Finding[]): Finding[][] {
  const bundles: Finding[][] = [];
  for (const finding of findings) {
    const kin = bundles.find(([first]) => first?.kind === finding.kind && first.severity === finding.severity);
    if (kin && finding.kind in BUNDLES) kin.push(finding);
    else bundles.push([finding]);
  }
  return bundles.flatMap((bundle) => (bundle.length < FEWEST_BUNDLED ? bundle.map((finding) => [finding]) : [bundle]));
}

const FEWEST_BUNDLED = 3;
const BUNDLES: Readonly<Partial<Record<FindingKind, string>>> = {
  missing: 'Values are missing in several columns.',
  outliers: 'Several columns have values far away from the rest.',
  padded_text: 'Several columns have white space around their text.',
  constant: 'Several columns never change.',
  empty_column: 'Several columns are empty.',
};

function bundleItem(input: ReportInput, bundle: readonly Finding[]): Item {
  const [first] = bundle;
  if (!first) throw new Error('a bundle of findings is empty');
  if (bundle.length === 1) return findingItem(input, first);
  const parts = bundle.slice(0, MOST_BUNDLED).flatMap((finding, index): Inline[] => {
    const start: Inline[] = index === 0 ? [] : [', '];
    if (finding.kind === 'constant') return [...start, column(finding.column ?? '')];
    const share = input.book.share(CLAIMS[finding.kind], finding.share, aboutOf(finding));
    return [...start, column(finding.column ?? ''), ' ', shown(share)];
  });
  const more = bundle.length > MOST_BUNDLED ? ' and others. ' : '. ';
  return { tone: first.severity, head: [BUNDLES[first.kind] ?? ''], body: [...parts, more, first.meaning] };
}

const CLAIMS: Readonly<Record<FindingKind, ClaimKind>> = {
  missing: 'missing',
  empty_column: 'missing',
  duplicate_rows: 'duplicates',
  constant: 'distinct',
  outliers: 'outliers',
  far_dates: 'far_dates',
  numbers_as_text: 'dressed_numbers',
  mixed_types: 'not_numbers',
  date_formats: 'odd_dates',
  ambiguous_dates: 'rows',
  missing_tokens: 'missing_tokens',
  placeholder: 'value_count',
  spelling_variants: 'variants',
  padded_text: 'padded',
  impossible: 'impossible',
};

const WORDS: Readonly<Record<FindingKind, readonly [before: string, after: string]>> = {
  missing: ['', ' is missing in '],
  empty_column: ['', ' is empty in '],
  duplicate_rows: ['', 'Repeated rows: '],
  constant: ['', ' never changes'],
  outliers: ['', ' has values far away from the rest in '],
  far_dates: ['', ' has dates far away from the rest in '],
  numbers_as_text: ['', ' holds numbers dressed as text in '],
  mixed_types: ['', ' holds something that is no number in '],
  date_formats: ['', ' is not in the usual date format in '],
  ambiguous_dates: ['', ' could be read with day and month swapped'],
  missing_tokens: ['', ' says in words that nothing is known in '],
  placeholder: ['', ' holds a stand-in for "unknown" in '],
  spelling_variants: ['', ' has a second spelling of the same thing in '],
  padded_text: ['', ' has white space around its text in '],
  impossible: ['', ' holds values that cannot be in '],
};

function headOf({ book }: ReportInput, finding: Finding): Text {
  const { kind, count, share } = finding;
  const name: Text = finding.column === null ? [] : [column(finding.column)];
  const words = WORDS[kind][1];
  if (kind === 'constant' || kind === 'ambiguous_dates') return [...name, `${words}.`];
  const claim = kind === 'placeholder' && finding.detail.value === undefined ? 'text_placeholders' : CLAIMS[kind];
  const about = aboutOf(finding);
  const rows: Inline = shown(book.whole(claim, count, about));
  return [...name, words, rows, ` ${nounFor(count, 'row')} (`, shown(book.share(claim, share, about)), ').'];
}

function aboutOf({ column: name, kind, detail }: Finding): {
  column?: string;
  low?: number;
  high?: number;
  of?: string;
} {
  return {
    ...(name === null ? {} : { column: name }),
    ...(detail.low === undefined ? {} : { low: detail.low }),
    ...(detail.high === undefined ? {} : { high: detail.high }),
    ...(kind === 'placeholder' && detail.value !== undefined ? { of: detail.value } : {}),
  };
}

function exampleOf({ kind, example, detail }: Finding): Text {
  if (kind === 'spelling_variants') {
    const spellings = (detail.spellings ?? []).flatMap((text, index): Inline[] =>
      index === 0 ? [value(text)] : [' and ', value(text)],
    );
    return [' For example ', ...spellings, '.'];
  }
  if (kind === 'missing_tokens') {
    const tokens = (detail.spellings ?? [])
      .slice(0, 5)
      .flatMap((text, index): Inline[] => (index === 0 ? [value(text)] : [', ', value(text)]));
    return [' The texts: ', ...tokens, '.'];
  }
  if (kind === 'date_formats') {
    const formats = (detail.spellings ?? []).flatMap((text, index): Inline[] =>
      index === 0 ? [{ code: text }] : [', ', { code: text }],
    );
    return [' The formats: ', ...formats, '.'];
  }
  if (example === '') return [];
  if (kind === 'ambiguous_dates') return [' Read as ', { code: example }, '.'];
  return [
    kind === 'outliers' || kind === 'far_dates' || kind === 'impossible' ? ' The furthest is ' : ' For example ',
    value(example),
    '.',
  ];
}
