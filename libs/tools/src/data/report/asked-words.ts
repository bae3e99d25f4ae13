import { comparisonWords, shownValue } from '../aggregate/condition-text';
import type { Asked, AskedGroup } from '../model';
import type { ClaimAbout, ClaimBook } from './claims';
import { column, type Inline, period, shown, type Text, value } from './document';

/** What a claim needs besides where not all rows are meant, or groups are periods. */
export function askedPart({ per, where = [] }: Asked): Pick<ClaimAbout, 'asked' | 'per'> {
  if (where.length === 0 && !per) return {};
  return { asked: true, ...(per ? { per } : {}) };
}

/** The conditions in words: `, where product is "Eclair" and price is over "30"`. */
export function whereText({ where = [] }: Asked): Text {
  return where.flatMap((condition, index): Inline[] => {
    const { values, comparison } = condition;
    const link = comparison === 'between' ? ' and ' : ' or ';
    const told = values.flatMap((one, place): Inline[] => [
      place === 0 ? ' ' : link,
      { quote: shownValue(one), kind: 'condition' },
    ]);
    const start = index === 0 ? ', where ' : ' and ';
    return [start, column(condition.column), ` ${comparisonWords(condition)}`, ...told];
  });
}

/** How many of all rows the answer speaks of; nothing where it is all of them by question. */
export function shareOf(book: ClaimBook, asked: Asked, rows: number): Text {
  if ((asked.where ?? []).length === 0) return [];
  // Claims are numbered in the order in which they are read.
  const all = shown(book.whole('rows', rows));
  const met = shown(book.whole('rows', asked.met ?? 0, askedPart(asked)));
  return [' Of ', all, ' rows, ', met, ' meet this; all else in the report is about all rows.'];
}

/** The column of the groups, with the periods that part it. */
export function byText({ by, per }: Asked): Text {
  return per ? [`${per} of `, column(by ?? '')] : [column(by ?? '')];
}

export function groupName({ per }: Asked, { group }: AskedGroup): Inline {
  return per ? period(group ?? '') : value(group ?? '');
}
