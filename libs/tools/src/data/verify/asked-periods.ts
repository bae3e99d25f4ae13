/** Rows that the answer speaks of. */
export const ASKED_ROWS = 'val_asked';

/** The text by which a report names the period of a time. */
export function periodText(field: string, per: string): string {
  const parts: Readonly<Record<string, string>> = {
    year: `printf('%04d', year(${field}))`,
    quarter: `printf('%04d-Q%d', year(${field}), (month(${field}) + 2) // 3)`,
    month: `printf('%04d-%02d', year(${field}), month(${field}))`,
    week: `printf('%04d-W%02d', isoyear(${field}), weekofyear(${field}))`,
    day: `printf('%04d-%02d-%02d', year(${field}), month(${field}), day(${field}))`,
  };
  const found = parts[per];
  if (found === undefined) throw new Error(`no rule for periods of a ${per}`);
  return `CASE WHEN ${field} IS NOT NULL THEN ${found} END`;
}
