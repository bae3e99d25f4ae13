import type { DuckDBConnection } from '@duckdb/node-api';
import { ASKED_ROWS, periodText } from './asked-periods';
import { Fields, sqlText } from './claim-sql';
import type { CheckedCondition, CheckedReport } from './report-model';

/** Makes the table of the rows that meet what the report says it looked at: of all rows where it states no condition. */
export async function takeAskedRows(db: DuckDBConnection, report: CheckedReport): Promise<void> {
  const fields = new Fields(report.columns);
  const all = (report.asked?.where ?? []).map((one) => `(${holds(one, fields)})`).join(' AND ');
  await db.run(`CREATE TABLE ${ASKED_ROWS} AS SELECT * FROM val WHERE ${all === '' ? 'true' : all}`);
}

const ORDER: Readonly<Record<string, string>> = {
  ...{ over: '>', at_least: '>=', under: '<', at_most: '<=' },
  ...{ from: '>=', after: '>', before: '<', until: '<=', during: '=', is: '=' },
};

function holds({ column, comparison, values }: CheckedCondition, fields: Fields): string {
  const field = fields.field(column);
  const { type } = fields.column(column);
  const [first = '', second = ''] = values;
  if (comparison === 'missing') return `${field} IS NULL`;
  if (comparison === 'not_missing') return `NOT (${field} IS NULL)`;
  if (comparison === 'contains') return `strpos(lower(${field}), lower(${sqlText(first)})) > 0`;
  if (comparison === 'not_contains') return `coalesce(strpos(lower(${field}), lower(${sqlText(first)})), 0) = 0`;
  if (type === 'date' || type === 'timestamp') {
    if (comparison === 'between') return `${inTime(field, '>=', first)} AND ${inTime(field, '<=', second)}`;
    if (comparison === 'is_not')
      return values.map((value) => `coalesce(NOT (${inTime(field, '=', value)}), true)`).join(' AND ');
    if (sign(comparison) === '=') return values.map((value) => inTime(field, '=', value)).join(' OR ');
    return inTime(field, sign(comparison), first);
  }
  if (comparison === 'is') return values.map((value) => fields.equals(column, value)).join(' OR ');
  if (comparison === 'is_not')
    return values.map((value) => `coalesce(NOT (${fields.equals(column, value)}), true)`).join(' AND ');
  if (type !== 'integer' && type !== 'number') throw new Error(`"${column}" holds no numbers to compare`);
  if (comparison === 'between') return `${field} >= ${number(first)} AND ${field} <= ${number(second)}`;
  if (sign(comparison) === '=') return values.map((value) => `${field} = ${number(value)}`).join(' OR ');
  return `${field} ${sign(comparison)} ${number(first)}`;
}

function sign(comparison: string): string {
  const found = ORDER[comparison];
  if (found === undefined) throw new Error(`no rule for conditions of the kind ${comparison}`);
  return found;
}

function number(text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new Error(`"${text.slice(0, 40)}" is no number`);
  return `${text}::DOUBLE`;
}

/** Times are compared as texts of the same length: the value cut to the precision of the period. */
function inTime(field: string, how: string, period: string): string {
  const month = /^--(\d\d)$/.exec(period);
  if (month && how !== '=') throw new Error('a month of any year has no place in the order of times');
  if (month) return `strftime(${field}, '%m') = ${sqlText(month[1] ?? '')}`;
  const per = /^\d{4}$/.test(period)
    ? 'year'
    : period.includes('Q')
      ? 'quarter'
      : period.length === 7
        ? 'month'
        : 'day';
  return `${periodText(field, per)} ${how} ${sqlText(period)}`;
}
