import { count, type Duck, ident, numberOrNull } from '../jobs/duck';
import type { Finding, NumericSummary, ProfileColumn } from '../model';
import { finding } from './finding';

/** Numbers that people write for "nothing", tried only where they stand far from the rest. */
const SENTINELS = [-1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999, 9999999];
/** Fences stand this many interquartile ranges outside of the quartiles (Tukey's "far out"). */
const FENCE = 3;

interface Rule {
  readonly name: RegExp;
  readonly low: number | null;
  readonly high: number | null;
  readonly rule: string;
}

const RULES: readonly Rule[] = [
  { name: /(^|[\s_])lat(itude)?$/i, low: -90, high: 90, rule: 'A latitude lies between the poles.' },
  {
    name: /(^|[\s_])(lon|lng|long)(gitude)?$/i,
    low: -180,
    high: 180,
    rule: 'A longitude lies within half a turn east or west.',
  },
  {
    name: /(^|[\s_])age(s|_years)?$/i,
    low: 0,
    high: 130,
    rule: 'Nobody has an age below nothing or beyond the oldest person known.',
  },
  {
    name: /(price|cost|count|quantity|qty|population|votes|distance|duration|height|weight|length|size)/i,
    low: 0,
    high: null,
    rule: 'Such an amount is not negative.',
  },
];

/** Placeholders, far-off values and impossible values of a column of numbers. */
export async function numberFindings(duck: Duck, column: ProfileColumn, rows: number): Promise<Finding[]> {
  const { numeric, role } = column;
  if (!numeric || role === 'id') return [];
  const placeholders = await placeholderFindings(duck, column, rows);
  if (role === 'year') return placeholders;
  const impossible = await impossibleFindings(duck, column, numeric, rows);
  const outliers = await outlierFindings(duck, column, numeric, rows);
  // Placeholders lie far off as well; what is told as such is not told twice.
  const isTold = outliers[0]?.count === placeholders.reduce((sum, one) => sum + one.count, 0);
  return [...placeholders, ...impossible, ...(isTold ? [] : outliers)];
}

function fences({ q25, q75 }: NumericSummary): { low: number; high: number } {
  const range = q75 - q25;
  return { low: q25 - FENCE * range, high: q75 + FENCE * range };
}

async function placeholderFindings(duck: Duck, column: ProfileColumn, rows: number): Promise<Finding[]> {
  const { numeric } = column;
  if (!numeric) return [];
  const { low, high } = fences(numeric);
  const suspects = SENTINELS.filter(
    (value) => (value === numeric.min && value < low) || (value === numeric.max && value > high),
  );
  const found: Finding[] = [];
  for (const value of suspects) {
    const n = count((await duck.row(`SELECT count(*) AS n FROM t WHERE ${ident(column.name)} = ${value}`)).n);
    if (n < 2) continue;
    const meaning =
      'A number of this kind often stands for a value that is not known; it pulls averages away from the truth.';
    const detail = { value: String(value) };
    found.push(
      finding({
        kind: 'placeholder',
        column: column.name,
        severity: 'high',
        count: n,
        rows,
        example: String(value),
        meaning,
        detail,
      }),
    );
  }
  return found;
}

async function impossibleFindings(
  duck: Duck,
  column: ProfileColumn,
  numeric: NumericSummary,
  rows: number,
): Promise<Finding[]> {
  const rule = RULES.find(({ name }) => name.test(column.name));
  if (!rule) return [];
  const { low, high } = rule;
  const isBroken = (low !== null && numeric.min < low) || (high !== null && numeric.max > high);
  if (!isBroken) return [];
  const name = ident(column.name);
  const where = [low === null ? '' : `${name} < ${low}`, high === null ? '' : `${name} > ${high}`].filter(
    (part) => part !== '',
  );
  const n = count((await duck.row(`SELECT count(*) AS n FROM t WHERE ${where.join(' OR ')}`)).n);
  // Where many are negative, the column is of another kind than its name suggests.
  if (n > rows * 0.05) return [];
  const example = String(low !== null && numeric.min < low ? numeric.min : numeric.max);
  const detail = { ...(low === null ? {} : { low }), ...(high === null ? {} : { high }), rule: rule.rule };
  const meaning = `${rule.rule} These values cannot be right.`;
  return [
    finding({ kind: 'impossible', column: column.name, severity: 'high', count: n, rows, example, meaning, detail }),
  ];
}

async function outlierFindings(
  duck: Duck,
  column: ProfileColumn,
  numeric: NumericSummary,
  rows: number,
): Promise<Finding[]> {
  const { low, high } = fences(numeric);
  if (low === high || column.distinct < 8 || (numeric.min >= low && numeric.max <= high)) return [];
  const name = ident(column.name);
  const row = await duck.row(
    `SELECT count(*) AS n, arg_max(${name}::DOUBLE, abs(${name}::DOUBLE - ${numeric.median})) AS far
     FROM t WHERE ${name}::DOUBLE < ${low}::DOUBLE OR ${name}::DOUBLE > ${high}::DOUBLE`,
  );
  const n = count(row.n);
  if (n === 0) return [];
  const severity = n / rows > 0.05 ? 'medium' : 'low';
  const meaning =
    n / rows > 0.05
      ? 'The values have a long tail: the median describes the usual row better than the mean.'
      : 'Single values this far out may be real or slips; either way they weigh on mean and sum.';
  const example = String(numberOrNull(row.far) ?? '');
  return [
    finding({
      kind: 'outliers',
      column: column.name,
      severity,
      count: n,
      rows,
      example,
      meaning,
      detail: { low, high },
    }),
  ];
}
