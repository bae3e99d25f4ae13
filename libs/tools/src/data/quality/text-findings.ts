import { count, type Duck, ident, literal, textOrNull } from '../jobs/duck';
import type { Finding, ProfileColumn } from '../model';
import { finding, ofColumn } from './finding';

const PLACEHOLDERS = [
  '',
  'n/a',
  'na',
  '#n/a',
  'nan',
  'null',
  'none',
  'nil',
  '-',
  '--',
  '?',
  '.',
  'tbd',
  'unknown',
  'missing',
];
const NUMBER = '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?';
const DRESSED = '[+-]?[€$£¥]?\\s*[+-]?\\d{1,3}([,.\\x{2019} ]\\d{3})*([.,]\\d+)?\\s*[%€$£¥]?';
/** Spellings are compared only where there are few enough to be a list of choices. */
const MAX_SPELLINGS = 50_000;

/** Numbers kept as text, mixed content, placeholders, stray spaces and spellings that differ in case or spaces alone. */
export async function textFindings(duck: Duck, column: ProfileColumn, rows: number): Promise<Finding[]> {
  const row = await duck.row(censusSql(ident(column.name)));
  const tell = ofColumn(column.name, rows);
  const found = numbersAsText(column, rows, {
    present: rows - column.missing,
    plain: count(row.plain),
    codes: count(row.codes),
    dressed: count(row.dressed),
    dressedExample: textOrNull(row.dressed_example) ?? '',
    oddExample: textOrNull(row.odd_example) ?? '',
  });
  const [holders, padded] = [count(row.holders), count(row.padded)];
  if (holders > 0) {
    const meaning = 'These texts stand for "nothing" but count as values of their own.';
    const example = textOrNull(row.holder) ?? '';
    const detail = { rule: 'texts that stand for nothing' };
    found.push(tell({ kind: 'placeholder', severity: 'medium', count: holders, example, meaning, detail }));
  }
  if (padded > 0) {
    const meaning = 'White space around a text makes it another value than the same text without.';
    const example = textOrNull(row.padded_example) ?? '';
    found.push(tell({ kind: 'padded_text', severity: 'low', count: padded, example, meaning }));
  }
  if (column.role === 'category' || column.role === 'text') found.push(...(await spellingFindings(duck, column, rows)));
  return found;
}

/** Examples are the first in the alphabet, so that every run tells the same. */
function censusSql(name: string): string {
  const text = `trim(${name})`;
  const plain = `regexp_full_match(${text}, ${literal(NUMBER)})`;
  const dressed = `regexp_full_match(${text}, ${literal(DRESSED)}) AND NOT ${plain}`;
  const holder = `lower(${text}) IN (${PLACEHOLDERS.map(literal).join(', ')})`;
  const padded = `${name} <> ${text} AND ${text} <> ''`;
  return `SELECT count(*) FILTER (WHERE ${plain}) AS plain,
      count(*) FILTER (WHERE ${plain} AND regexp_full_match(${text}, '[+-]?0\\d+|\\d{16,}')) AS codes,
      count(*) FILTER (WHERE ${dressed}) AS dressed, min(${name}) FILTER (WHERE ${dressed}) AS dressed_example,
      min(${name}) FILTER (WHERE NOT ${plain} AND ${text} <> '') AS odd_example,
      count(*) FILTER (WHERE ${holder}) AS holders, min(${name}) FILTER (WHERE ${holder}) AS holder,
      count(*) FILTER (WHERE ${padded}) AS padded, min(${name}) FILTER (WHERE ${padded}) AS padded_example
    FROM t`;
}

interface NumberCensus {
  readonly present: number;
  readonly plain: number;
  readonly codes: number;
  readonly dressed: number;
  readonly dressedExample: string;
  readonly oddExample: string;
}

function numbersAsText(column: ProfileColumn, rows: number, census: NumberCensus): Finding[] {
  const { present, plain, codes, dressed } = census;
  if (dressed + plain >= present * 0.8 && dressed >= present * 0.2) {
    const meaning =
      'Signs of currency, thousands or per cent keep these numbers from being added up; they are treated as text.';
    return [
      finding({
        kind: 'numbers_as_text',
        column: column.name,
        severity: 'high',
        count: dressed,
        rows,
        example: census.dressedExample,
        meaning,
      }),
    ];
  }
  const odd = present - plain;
  if (codes === 0 && plain >= present * 0.5 && odd > 0) {
    const meaning = 'Most values are numbers, but these are not, so the whole column is treated as text.';
    return [
      finding({
        kind: 'mixed_types',
        column: column.name,
        severity: 'high',
        count: odd,
        rows,
        example: census.oddExample,
        meaning,
      }),
    ];
  }
  return [];
}

async function spellingFindings(duck: Duck, column: ProfileColumn, rows: number): Promise<Finding[]> {
  if (column.distinct > MAX_SPELLINGS) return [];
  const name = ident(column.name);
  const found = await duck.rows(
    `WITH v AS (SELECT ${name} AS spelling, count(*) AS n FROM t WHERE ${name} IS NOT NULL GROUP BY 1),
       k AS (SELECT lower(regexp_replace(trim(spelling), '\\s+', ' ', 'g')) AS key, spelling, n FROM v),
       g AS (SELECT key, count(*) AS kinds, sum(n) - max(n) AS minor, list(spelling ORDER BY n DESC, spelling) AS spellings
             FROM k WHERE key <> '' GROUP BY key HAVING count(*) > 1)
     SELECT minor, spellings, sum(minor) OVER () AS total FROM g ORDER BY minor DESC, key LIMIT 1`,
  );
  const [worst] = found;
  if (!worst) return [];
  const spellings = Array.isArray(worst.spellings) ? worst.spellings.map(String).slice(0, 5) : [];
  const meaning = 'The same thing seems to be written in several ways, so that its rows fall into separate groups.';
  const severity = column.role === 'category' ? 'medium' : 'low';
  return [
    finding({
      kind: 'spelling_variants',
      column: column.name,
      severity,
      count: count(worst.total),
      rows,
      example: spellings.join(' / '),
      meaning,
      detail: { spellings },
    }),
  ];
}
