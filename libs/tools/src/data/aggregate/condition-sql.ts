import { ident } from '../jobs/duck';
import type { Condition, ProfileColumn } from '../model';

/** SQL with places for values, and the values. */
export interface Bound {
  readonly sql: string;
  readonly values: readonly (string | number | boolean)[];
}

/** SQL that holds for the rows which meet all conditions; values are bound, none stands in the SQL. */
export function boundConditions(conditions: readonly Condition[], columns: readonly ProfileColumn[]): Bound {
  const parts = conditions.map((condition) => {
    const column = columns.find(({ name }) => name === condition.column);
    if (!column) throw new Error(`the table has no column "${condition.column}"`);
    return bound(condition, column);
  });
  return { sql: parts.map(({ sql }) => `(${sql})`).join(' AND '), values: parts.flatMap(({ values }) => values) };
}

const SIGNS = { over: '>', at_least: '>=', under: '<', at_most: '<=' } as const;

function bound({ comparison, values }: Condition, { name, type, role }: ProfileColumn): Bound {
  const field = ident(name);
  const [first = ''] = values;
  if (comparison === 'missing') return { sql: `${field} IS NULL`, values: [] };
  if (comparison === 'not_missing') return { sql: `${field} IS NOT NULL`, values: [] };
  if (comparison === 'contains') return { sql: `contains(lower(${field}), lower(?))`, values: [first] };
  if (comparison === 'not_contains')
    return { sql: `${field} IS NULL OR NOT contains(lower(${field}), lower(?))`, values: [first] };
  if (type === 'date' || type === 'timestamp') return boundTime(`${field}::TIMESTAMP`, comparison, values);
  if (role === 'year' && isTime(comparison)) return boundYear(`${field}::DOUBLE`, comparison, values.map(Number));
  const isNumber = type === 'integer' || type === 'number';
  const given = isNumber ? values.map(Number) : type === 'boolean' ? values.map((one) => one === 'true') : values;
  const value = isNumber ? `${field}::DOUBLE` : field;
  if (comparison === 'between') return { sql: `${value} BETWEEN ? AND ?`, values: given };
  if (comparison === 'is' || comparison === 'is_not') {
    const list = `(${given.map(() => '?').join(', ')})`;
    return comparison === 'is'
      ? { sql: `${value} IN ${list}`, values: given }
      : { sql: `${value} IS NULL OR ${value} NOT IN ${list}`, values: given };
  }
  const sign = SIGNS[comparison as keyof typeof SIGNS];
  return { sql: `${value} ${sign} ?`, values: given };
}

export function isTime(comparison: Condition['comparison']): boolean {
  return ['during', 'from', 'after', 'before', 'until'].includes(comparison);
}

function boundYear(value: string, comparison: Condition['comparison'], values: number[]): Bound {
  const signs: Partial<Record<Condition['comparison'], string>> = {
    ...{ from: '>=', after: '>', before: '<', until: '<=' },
  };
  const sign = signs[comparison];
  if (sign !== undefined) return { sql: `${value} ${sign} ?`, values };
  return { sql: `${value} IN (${values.map(() => '?').join(', ')})`, values };
}

const AT = '?::TIMESTAMP';

function boundTime(field: string, comparison: Condition['comparison'], periods: readonly string[]): Bound {
  const within = periods.map((period) => withinPeriod(field, period));
  const any: Bound = {
    sql: within.map(({ sql }) => `(${sql})`).join(' OR '),
    values: within.flatMap(({ values }) => values),
  };
  if (comparison === 'during') return any;
  if (comparison === 'is_not') return { sql: `${field} IS NULL OR NOT (${any.sql})`, values: any.values };
  const [first = '', second = ''] = periods;
  const { start, end } = edgesOf(first);
  switch (comparison) {
    case 'from':
      return { sql: `${field} >= ${AT}`, values: [start] };
    case 'after':
      return { sql: `${field} >= ${AT}`, values: [end] };
    case 'before':
      return { sql: `${field} < ${AT}`, values: [start] };
    case 'until':
      return { sql: `${field} < ${AT}`, values: [end] };
    case 'between':
      return { sql: `${field} >= ${AT} AND ${field} < ${AT}`, values: [start, edgesOf(second).end] };
    default:
      throw new Error(`times are not compared by "${comparison}"`);
  }
}

function withinPeriod(field: string, period: string): Bound {
  const month = /^--(\d{2})$/.exec(period)?.[1];
  if (month !== undefined) return { sql: `month(${field}) = ?`, values: [Number(month)] };
  const { start, end } = edgesOf(period);
  return { sql: `${field} >= ${AT} AND ${field} < ${AT}`, values: [start, end] };
}

/** First day of a period, and the first behind it, as ISO dates. */
function edgesOf(period: string): { start: string; end: string } {
  const [year = 0, rest = ''] = [Number(period.slice(0, 4)), period.slice(5)];
  const quarter = /^Q([1-4])$/.exec(rest)?.[1];
  if (quarter !== undefined) return span(year, (Number(quarter) - 1) * 3, 3);
  if (rest === '') return span(year, 0, 12);
  if (/^\d{2}$/.test(rest)) return span(year, Number(rest) - 1, 1);
  const day = new Date(`${period}T00:00:00Z`);
  return { start: period, end: new Date(day.getTime() + 86_400_000).toISOString().slice(0, 10) };
}

function span(year: number, month: number, months: number): { start: string; end: string } {
  const iso = (at: number): string => new Date(Date.UTC(year, at, 1)).toISOString().slice(0, 10);
  return { start: iso(month), end: iso(month + months) };
}
