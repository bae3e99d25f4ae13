import { count, type Duck, ident, numberOrNull, textOrNull } from '../jobs/duck';
import type { Finding, ProfileColumn } from '../model';
import { finding } from './finding';

const PLACEHOLDERS = ['1900-01-01', '1970-01-01', '9999-12-31'];
/** Interquartile ranges outside of the quartiles. */
const FENCE = 3;
const DAY_MONTH = /^%[md][/-]%[md][/-]/;

/** Dates in several formats, dates whose day and month cannot be told apart, and dates that stand for "unknown". */
export async function dateFindings(duck: Duck, column: ProfileColumn, rows: number): Promise<Finding[]> {
  const { name, reading } = column;
  const found: Finding[] = [];
  const present = rows - column.missing;
  const [main, ...others] = reading.formats;
  if (main && others.length > 0) {
    const odd = present - Math.max(...reading.formats.map((format) => format.count));
    const meaning = 'Dates are written in several ways; each was read by the first format that fits.';
    const detail = { spellings: reading.formats.map(({ format }) => format) };
    found.push(
      finding({
        kind: 'date_formats',
        column: name,
        severity: 'medium',
        count: odd,
        rows,
        example: others[0]?.format,
        meaning,
        detail,
      }),
    );
  }
  found.push(...(await farDates(duck, column, rows)));
  const row = await duck.row(
    `SELECT max(day(${ident(name)})) AS day, ${PLACEHOLDERS.map((text, index) => `count(*) FILTER (WHERE ${ident(name)}::DATE = DATE '${text}') AS p${index}`).join(', ')} FROM t`,
  );
  if (main && DAY_MONTH.test(main.format) && count(row.day) <= 12) {
    const meaning = 'Day and month could be the other way round in every row; they were read in the order given here.';
    found.push(
      finding({
        kind: 'ambiguous_dates',
        column: name,
        severity: 'high',
        count: present,
        rows,
        example: main.format,
        meaning,
      }),
    );
  }
  for (const [index, text] of PLACEHOLDERS.entries()) {
    const n = count(row[`p${index}`]);
    if (n < 3 || n < present * 0.005) continue;
    const meaning = 'Programs write this date when they know none.';
    found.push(
      finding({
        kind: 'placeholder',
        column: name,
        severity: 'medium',
        count: n,
        rows,
        example: text,
        meaning,
        detail: { value: text },
      }),
    );
  }
  return found;
}

/** Dates far away from all others, by the same fences as numbers, counted in days. */
async function farDates(duck: Duck, column: ProfileColumn, rows: number): Promise<Finding[]> {
  const days = `date_diff('day', DATE '1970-01-01', ${ident(column.name)}::DATE)`;
  const row = await duck.row(`SELECT quantile_cont(${days}, 0.25) AS q1, quantile_cont(${days}, 0.75) AS q3 FROM t`);
  const [q1, q3] = [numberOrNull(row.q1), numberOrNull(row.q3)];
  if (q1 === null || q3 === null || q1 === q3 || column.distinct < 8) return [];
  const [low, high] = [q1 - FENCE * (q3 - q1), q3 + FENCE * (q3 - q1)];
  const far = await duck.row(
    `SELECT count(*) AS n, strftime(arg_max(${ident(column.name)}, abs(${days} - ${(q1 + q3) / 2})), '%Y-%m-%d') AS far FROM t WHERE ${days} < ${low} OR ${days} > ${high}`,
  );
  const n = count(far.n);
  if (n === 0) return [];
  const meaning =
    'Dates this far from the rest are often slips, such as a year of two digits read into the wrong century.';
  const example = textOrNull(far.far) ?? '';
  return [
    finding({
      kind: 'far_dates',
      column: column.name,
      severity: 'medium',
      count: n,
      rows,
      example,
      meaning,
      detail: { low, high },
    }),
  ];
}
