import { ToolFailure } from '../../definition';
import { ident } from '../jobs/duck';
import type { Profile, ProfileColumn } from '../model';
import { findColumn } from './find-column';

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Period = (typeof PERIODS)[number];

/** What rows are grouped by: a column, or periods of a column of dates. */
export interface GroupBy {
  readonly column: ProfileColumn;
  readonly per: Period | null;
}

const NAMES: Readonly<Record<string, Period>> = {
  ...{ day: 'day', daily: 'day', date: 'day', week: 'week', weekly: 'week', month: 'month', monthly: 'month' },
  ...{ quarter: 'quarter', quarterly: 'quarter', year: 'year', yearly: 'year', annual: 'year', annually: 'year' },
};

/**
 * Finds what to group by: a column of that name, else the periods of the one column of dates (`month`, `week of order_date`).
 *
 * @throws {ToolFailure} `data.unknown_column`, `data.condition_unclear` when there are several columns of dates
 */
export function findGroupBy(profile: Profile, asked: string): GroupBy {
  const [, word = asked, of] = /^(\w+?)s?\s+of\s+(.+)$/iu.exec(asked.trim()) ?? [];
  const per = NAMES[word.trim().toLowerCase()] ?? NAMES[word.trim().toLowerCase().replace(/s$/, '')];
  const isDate = ({ type }: ProfileColumn): boolean => type === 'date' || type === 'timestamp';
  if (per && of !== undefined) {
    const column = findColumn(profile, of);
    if (isDate(column)) return { column, per };
  }
  try {
    return { column: findColumn(profile, asked), per: null };
  } catch (error) {
    const dates = profile.columns.filter(isDate);
    const [only] = dates;
    if (!(error instanceof ToolFailure) || !per || !only) throw error;
    if (dates.length === 1) return { column: only, per };
    const names = dates.map(({ name }) => `"${name}"`).join(' and ');
    const message = `It is not clear which dates "${asked}" is about: there are ${names}. Say "${per} of COLUMN".`;
    throw new ToolFailure('data.condition_unclear', message);
  }
}

/** SQL that gives the text of a row's group. */
export function groupText({ column, per }: GroupBy): string {
  const field = ident(column.name);
  if (per === null) return `${field}::VARCHAR`;
  if (per === 'quarter') return `strftime(${field}, '%Y') || '-Q' || quarter(${field})`;
  const shapes = { day: '%Y-%m-%d', week: '%G-W%V', month: '%Y-%m', year: '%Y' } as const;
  return `strftime(${field}, '${shapes[per]}')`;
}
