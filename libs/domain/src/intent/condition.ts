/** How a column is compared. With several values `is` and `during` mean one of them, `is_not` none of them. */
export const COMPARISONS = [
  ...(['is', 'is_not', 'over', 'at_least', 'under', 'at_most', 'between', 'contains', 'not_contains'] as const),
  ...(['during', 'from', 'after', 'before', 'until', 'missing', 'not_missing'] as const),
] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A condition as words give it; which column and which of its values are meant shows only the table. */
export interface WordedCondition {
  /** The column by the name that the words give it. */
  readonly column?: string;
  /** Words in front of the comparison that may end in the name of a column, and may be something else. */
  readonly near?: string;
  /** Those of them that the request has no other use for: where they name no column, they are a value of one. */
  readonly loose?: string;
  readonly comparison: Comparison;
  /**
   * As written; numbers without separators; times as `2024`, `2024-Q1`, `2024-03`, `2024-03-15` or `--03` (March of any year). Two
   * for `between`, none for `missing` and `not_missing`, one or more for `is`, `is_not` and `during`, one for the others.
   */
  readonly values: readonly string[];
}

const COUNTS: Readonly<Partial<Record<Comparison, readonly [number, number]>>> = {
  ...{ is: [1, 50], is_not: [1, 50], during: [1, 50], between: [2, 2], missing: [0, 0], not_missing: [0, 0] },
};

/** True for a list of conditions as {@link WordedCondition} describes them, and for one condition at least. */
export function areConditions(value: unknown): value is readonly WordedCondition[] {
  return Array.isArray(value) && value.length > 0 && value.length <= 20 && value.every(isCondition);
}

function isCondition(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { column, near, loose, comparison, values, ...others } = value as Record<string, unknown>;
  const known = COMPARISONS.find((one) => one === comparison);
  if (!known || Object.keys(others).length > 0) return false;
  if (![column, near, loose].every((name) => name === undefined || (typeof name === 'string' && name.trim() !== '')))
    return false;
  const [least, most] = COUNTS[known] ?? [1, 1];
  const list: readonly unknown[] = Array.isArray(values) ? values : [];
  const isNamed = column !== undefined || near !== undefined || list.length > 0;
  return (
    isNamed && list.length >= least && list.length <= most && list.every((one) => typeof one === 'string' && one !== '')
  );
}
