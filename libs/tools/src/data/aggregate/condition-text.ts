import type { Condition } from '../model';

const WORDS: Readonly<Record<Condition['comparison'], string>> = {
  ...{ is: 'is', is_not: 'is not', over: 'is over', at_least: 'is at least', under: 'is under', at_most: 'is at most' },
  ...{ between: 'is between', contains: 'contains', not_contains: 'does not contain', during: 'is in' },
  ...{ from: 'is from', after: 'is after', before: 'is before', until: 'is until' },
  ...{ missing: 'is missing', not_missing: 'is not missing' },
};

/** What a condition says between its column and its values. */
export function comparisonWords({ comparison, values }: Condition): string {
  if (values.length < 2 || comparison === 'between') return WORDS[comparison];
  return comparison === 'is_not' ? 'is none of' : 'is one of';
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** A value as people read it: `--03` is March. */
export function shownValue(value: string): string {
  const month = /^--(\d{2})$/.exec(value)?.[1];
  return month === undefined ? value : (MONTHS[Number(month) - 1] ?? value);
}

/** A condition in plain words. */
export function conditionText(condition: Condition): string {
  const { column, comparison, values } = condition;
  const told = values.map((one) => `"${shownValue(one)}"`).join(comparison === 'between' ? ' and ' : ' or ');
  return [column, comparisonWords(condition), told].filter(Boolean).join(' ');
}
