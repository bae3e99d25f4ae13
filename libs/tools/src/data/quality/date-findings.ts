import { count, type Duck, ident, numberOrNull, type Row, textOrNull } from '../jobs/duck';
import type { Finding, ProfileColumn } from '../model';
import { ofColumn } from './finding';

const PLACEHOLDERS = ['1900-01-01', '1970-01-01', '9999-12-31'];
/** Interquartile ranges outside of the quartiles. */
const FENCE = 3;
const DAY_MONTH = /^%[md][/-]%[md][/-]/;

/** Dates in several formats, dates whose day and month cannot be told apart, far-off dates and dates that stand for "unknown". */
export async function dateFindings(duck: Duck, column: ProfileColumn, rows: number): Promise<Finding[]> {
  const name = ident(column.name);
  const holders = PLACEHOLDERS.map(
    (text, index) => `count(*) FILTER (WHERE ${name}::DATE = DATE '${text}') AS p${index}`,
  );
  const row = await duck.row(`SELECT max(day(${name})) AS day, ${holders.join(', ')} FROM t`);
  const far = await farDates(duck, column, rows);
  return [...formatFindings(column, rows, count(row.day)), ...far, ...placeholderFindings(column, rows, row)];
}

function formatFindings(column: ProfileColumn, rows: number, lastDay: number): Finding[] {
  const tell = ofColumn(column.name, rows);
  const { formats } = column.reading;
  const [main, second] = formats;
  const present = rows - column.missing;
  const found: Finding[] = [];
  if (main && second) {
    const odd = present - Math.max(...formats.map((format) => format.count));
    const meaning = 'Dates are written in several ways; each was read by the first format that fits.';
    const detail = { spellings: formats.map(({ format }) => format) };
    found.push(tell({ kind: 'date_formats', severity: 'medium', count: odd, example: second.format, meaning, detail }));
  }
  if (main && DAY_MONTH.test(main.format) && lastDay <= 12) {
    const meaning = 'Day and month could be the other way round in every row; they were read in the order given here.';
    found.push(tell({ kind: 'ambiguous_dates', severity: 'high', count: present, example: main.format, meaning }));
  }
  return found;
}

function placeholderFindings(column: ProfileColumn, rows: number, row: Row): Finding[] {
  const tell = ofColumn(column.name, rows);
  return PLACEHOLDERS.flatMap((text, index) => {
    const n = count(row[`p${index}`]);
    if (n < 3 || n < (rows - column.missing) * 0.005) return [];
    const meaning = 'Programs write this date when they know none.';
    return [
      tell({ kind: 'placeholder', severity: 'medium', count: n, example: text, meaning, detail: { value: text } }),
    ];
  });
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
  const tell = ofColumn(column.name, rows);
  return [tell({ kind: 'far_dates', severity: 'medium', count: n, example, meaning, detail: { low, high } })];
}
