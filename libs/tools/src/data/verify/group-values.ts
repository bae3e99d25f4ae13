import type { DuckDBConnection } from '@duckdb/node-api';
import { periodText } from './asked-periods';
import { Fields } from './claim-sql';
import { plainText } from './number-text';
import type { CheckedColumn, CheckedReport } from './report-model';

/** Claims about one group, and the SQL of what they say, for a field. */
export const GROUP_KINDS: Readonly<Record<string, (field: string) => string>> = {
  group_rows: () => 'sum(1)',
  group_distinct: (field) => `count(DISTINCT ${field})`,
  group_count: (field) => `sum(CASE WHEN ${field} IS NULL THEN 0 ELSE 1 END)`,
  group_sum: (field) => `sum(${field})`,
  group_mean: (field) => `sum(${field}) / count(${field})`,
  group_median: (field) => `median(${field})`,
  group_min: (field) => `min_by(${field}, ${field})`,
  group_max: (field) => `max_by(${field}, ${field})`,
};

/** The text by which a report names a value of a column. */
export function textOf(column: CheckedColumn, field: string, per: string | null = null): string {
  if (per !== null) return periodText(field, per);
  return column.type === 'integer' ? `printf('%d', ${field}::BIGINT)` : `${field}::VARCHAR`;
}

/** Works out one statistic for all groups of a column at once, and remembers it. */
export class GroupValues {
  private readonly known = new Map<string, Promise<ReadonlyMap<string, number>>>();

  constructor(
    private readonly db: DuckDBConnection,
    private readonly report: Pick<CheckedReport, 'columns'>,
    /** Where the rows come from, and the periods that they are grouped by. */
    private readonly rows: { readonly table: string; readonly per: string | null } = { table: 'val', per: null },
  ) {}

  /** Values by the text of the group; groups without a value are left out. */
  of(kind: string, by: string, measure: string | undefined): Promise<ReadonlyMap<string, number>> {
    const key = JSON.stringify([kind, by, measure]);
    const found = this.known.get(key) ?? this.ask(kind, by, measure);
    this.known.set(key, found);
    return found;
  }

  private async ask(kind: string, by: string, measure: string | undefined): Promise<ReadonlyMap<string, number>> {
    const fields = new Fields(this.report.columns);
    const make = GROUP_KINDS[kind];
    if (!make) throw new Error(`no rule for claims of the kind ${kind}`);
    const group = textOf(fields.column(by), fields.field(by), this.rows.per);
    const value = make(kind === 'group_rows' ? '' : fields.field(measure));
    const reader = await this.db.runAndReadAll(
      `SELECT ${group} AS k, (${value})::DOUBLE FROM ${this.rows.table} WHERE ${fields.field(by)} IS NOT NULL GROUP BY k`,
    );
    const rows = reader.getRowsJS().filter(([, number]) => number !== null);
    return new Map(rows.map(([text, number]) => [plainText(text), Number(number)]));
  }
}
