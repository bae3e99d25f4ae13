import type { CheckedClaim, CheckedColumn } from './report-model';
import { ASKED_ROWS, periodText } from './asked-periods';
import { firstFormat, isNothing } from './typed-values';

const NUMBER = `'^[-+]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE][-+]?[0-9]{1,3})?$'`;
const DRESSED = `'^[-+]?[€$£¥]?\\s*[-+]?[0-9]{1,3}(?:[,.’ ][0-9]{3})*(?:[.,][0-9]+)?\\s*[%€$£¥]?$'`;
const STAND_INS = [
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
const STEPS: Readonly<Record<string, string>> = {
  hour: '1 HOUR',
  day: '1 DAY',
  week: '7 DAYS',
  month: '1 MONTH',
  quarter: '3 MONTHS',
  year: '1 YEAR',
};

/** A text as SQL reads it. */
export function sqlText(value: string): string {
  return `'${value.split("'").join("''")}'`;
}

/** The question that a claim answers, asked of `val` (typed) and `src` (as written), in this verifier's own words. */
export function claimSql(claim: CheckedClaim, columns: readonly CheckedColumn[]): string {
  const make = QUESTIONS[claim.kind];
  if (!make) throw new Error(`no rule for claims of the kind ${claim.kind}`);
  return make(claim, new Fields(columns, claim.asked ? ASKED_ROWS : 'val'));
}

/** Finds fields by the names of the report. */
export class Fields {
  constructor(
    readonly columns: readonly CheckedColumn[],
    /** Where the rows come from. */
    readonly table = 'val',
  ) {}

  column(name: string | undefined): CheckedColumn {
    const found = this.columns.find((column) => column.name === name);
    if (!found) throw new Error(`the report has no column "${name ?? ''}"`);
    return found;
  }

  field(name: string | undefined): string {
    return `v${this.columns.indexOf(this.column(name))}`;
  }

  /** SQL that holds where a column has a value that was given as text. */
  equals(name: string | undefined, text: string | undefined): string {
    const { type } = this.column(name);
    const value = sqlText(text ?? '');
    if (type === 'text') return `${this.field(name)} = ${value}`;
    const sqlType = { integer: 'DOUBLE', number: 'DOUBLE', boolean: 'BOOLEAN', date: 'DATE', timestamp: 'TIMESTAMP' }[
      type
    ];
    return `${this.field(name)} = ${value}::${sqlType}`;
  }

  /** SQL that holds within a period of a column of dates or years. */
  within(claim: CheckedClaim): string {
    const step = STEPS[claim.granularity ?? ''];
    if (step === undefined) throw new Error(`unknown granularity ${claim.granularity ?? ''}`);
    const start = `${sqlText(claim.period ?? '')}::TIMESTAMP`;
    const isYear = ['integer', 'number'].includes(this.column(claim.date).type);
    if (isYear) return `${this.field(claim.date)} = ${Number((claim.period ?? '').slice(0, 4))}`;
    const field = this.field(claim.date);
    const split = claim.splitBy === undefined ? '' : ` AND ${this.equals(claim.splitBy, claim.split)}`;
    return `${field} >= ${start} AND ${field} < ${start} + INTERVAL ${step}${split}`;
  }
}

type Question = (claim: CheckedClaim, fields: Fields) => string;

const where = (condition: string, table = 'val'): string =>
  `SELECT coalesce(sum(1), 0) FROM ${table} WHERE ${condition}`;

function ranged(claim: CheckedClaim, fields: Fields, field = fields.field(claim.column)): string {
  const parts = [
    claim.low === undefined ? '' : `${field} < ${claim.low}`,
    claim.high === undefined ? '' : `${field} > ${claim.high}`,
  ];
  return where(parts.filter((part) => part !== '').join(' OR '));
}

function edge(order: 'ASC' | 'DESC'): Question {
  return (claim, fields) => {
    const field = fields.field(claim.column);
    const { type } = fields.column(claim.column);
    const shape = type === 'date' ? '%Y-%m-%d' : '%Y-%m-%dT%H:%M:%S';
    const shown = type === 'date' || type === 'timestamp' ? `strftime(${field}, '${shape}')` : field;
    return `SELECT ${shown} FROM ${fields.table} WHERE ${field} IS NOT NULL ORDER BY ${field} ${order} LIMIT 1`;
  };
}

function average(field: string, condition: string, table = 'val'): string {
  return `SELECT sum(${field}) / count(${field}) FROM ${table} WHERE ${condition}`;
}

/** 1 − (squares left inside of the groups) / (squares around the common mean). */
function explained(claim: CheckedClaim, fields: Fields): string {
  const [by, value] = [fields.field(claim.by), fields.field(claim.column)];
  const both = `${by} IS NOT NULL AND ${value} IS NOT NULL`;
  return `WITH m AS (SELECT ${by} AS k, avg(${value}) AS gm FROM val WHERE ${both} GROUP BY ${by}),
    a AS (SELECT avg(${value}) AS am FROM val WHERE ${both})
    SELECT 1 - sum((${value} - gm) ** 2) / sum((${value} - am) ** 2) FROM val JOIN m ON ${by} = k CROSS JOIN a WHERE ${both}`;
}

function correlation(claim: CheckedClaim, fields: Fields): string {
  const [x, y] = [fields.field(claim.column), fields.field(claim.column2)];
  const both = `${x} IS NOT NULL AND ${y} IS NOT NULL`;
  return `WITH c AS (SELECT avg(${x}) AS mx, avg(${y}) AS my FROM val WHERE ${both})
    SELECT sum((${x} - mx) * (${y} - my)) / sqrt(sum((${x} - mx) ** 2) * sum((${y} - my) ** 2)) FROM val CROSS JOIN c WHERE ${both}`;
}

/** Rows whose spelling is not the most frequent of those that differ in case and spaces alone. */
function variants(claim: CheckedClaim, fields: Fields): string {
  const field = fields.field(claim.column);
  const key = `array_to_string(list_filter(regexp_split_to_array(lower(${field}), '\\s+'), lambda w: w <> ''), ' ')`;
  return `WITH s AS (SELECT ${field} AS v, ${key} AS k, count(*) AS n FROM val WHERE ${field} IS NOT NULL GROUP BY ALL),
    r AS (SELECT n, row_number() OVER (PARTITION BY k ORDER BY n DESC, v) AS place FROM s WHERE k <> '')
    SELECT coalesce(sum(n), 0) FROM r WHERE place > 1`;
}

function oddDates(claim: CheckedClaim, fields: Fields): string {
  const field = fields.field(claim.column);
  const column = fields.column(claim.column);
  const first = firstFormat(column.formats, `trim(${field})`);
  return `WITH f AS (SELECT count(*) AS n FROM src WHERE ${field} IS NOT NULL AND NOT (${isNothing(column, field)}) GROUP BY ${first}) SELECT sum(n) - max(n) FROM f`;
}

function duplicates(_claim: CheckedClaim, fields: Fields): string {
  const all = fields.columns.map((_, index) => `v${index}`).join(', ');
  return `SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM val GROUP BY ${all} HAVING count(*) > 1)`;
}

const QUESTIONS: Readonly<Record<string, Question>> = {
  missing: (claim, fields) => where(`${fields.field(claim.column)} IS NULL`, fields.table),
  distinct: (claim, fields) => `SELECT count(DISTINCT ${fields.field(claim.column)}) FROM ${fields.table}`,
  min: edge('ASC'),
  max: edge('DESC'),
  present: (claim, fields) => where(`${fields.field(claim.column)} IS NOT NULL`, fields.table),
  sum: (claim, fields) => `SELECT sum(${fields.field(claim.column)}) FROM ${fields.table}`,
  mean: (claim, fields) => average(fields.field(claim.column), 'true', fields.table),
  duplicates,
  value_count: (claim, fields) => where(fields.equals(claim.column, claim.of)),
  group_ratio: (claim, fields) => {
    const value = fields.field(claim.column);
    const of = (group: string | undefined): string =>
      `avg(CASE WHEN ${fields.equals(claim.by, group)} THEN ${value} END)`;
    return `SELECT ${of(claim.group)} / ${of(claim.group2)} FROM val`;
  },
  groups_more: (claim, fields) => {
    const field = fields.field(claim.by);
    const group = claim.per === undefined ? field : periodText(field, claim.per);
    return `SELECT count(DISTINCT ${group}) - ${claim.low ?? 0} FROM ${fields.table}`;
  },
  groups: (claim, fields) => `SELECT count(DISTINCT ${fields.field(claim.by)}) FROM val`,
  explained,
  explained_at_random: (claim, fields) => {
    const [by, value] = [fields.field(claim.by), fields.field(claim.column)];
    return `SELECT (count(DISTINCT ${by}) - 1) / (sum(1) - 1.0) FROM val WHERE ${by} IS NOT NULL AND ${value} IS NOT NULL`;
  },
  period_mean: (claim, fields) => average(fields.field(claim.column), fields.within(claim)),
  period_rows: (claim, fields) => where(fields.within(claim)),
  correlation,
  pairs: (claim, fields) =>
    where(`${fields.field(claim.column)} IS NOT NULL AND ${fields.field(claim.column2)} IS NOT NULL`),
  outliers: (claim, fields) => ranged(claim, fields),
  far_dates: (claim, fields) => ranged(claim, fields, `(epoch(${fields.field(claim.column)}::DATE) / 86400)`),
  impossible: (claim, fields) => ranged(claim, fields),
  not_numbers: (claim, fields) =>
    where(
      `${fields.field(claim.column)} IS NOT NULL AND NOT regexp_matches(trim(${fields.field(claim.column)}), ${NUMBER})`,
    ),
  dressed_numbers: (claim, fields) => {
    const field = `trim(${fields.field(claim.column)})`;
    return where(`regexp_matches(${field}, ${DRESSED}) AND NOT regexp_matches(${field}, ${NUMBER})`);
  },
  missing_tokens: (claim, fields) => {
    const field = fields.field(claim.column);
    return `SELECT count(*) FROM src WHERE ${field} IS NOT NULL AND ${isNothing(fields.column(claim.column), field)}`;
  },
  text_placeholders: (claim, fields) =>
    where(`trim(lower(${fields.field(claim.column)})) IN (${STAND_INS.map(sqlText).join(', ')})`),
  padded: (claim, fields) => {
    const field = fields.field(claim.column);
    return where(`(left(${field}, 1) = ' ' OR right(${field}, 1) = ' ') AND replace(${field}, ' ', '') <> ''`);
  },
  variants,
  odd_dates: oddDates,
};
