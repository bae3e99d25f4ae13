import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlText } from './claim-sql';
import { plainText } from './number-text';
import type { CheckedReport } from './report-model';

/**
 * Which of the texts that the page quotes as values stand nowhere in the data: neither as text nor as number or date.
 *
 * @param texts as shown: on one line, the long ones cut with "…"
 */
export async function unknownValues(
  db: DuckDBConnection,
  report: CheckedReport,
  texts: readonly string[],
): Promise<string[]> {
  let open = [...new Set(texts)].filter((text) => text !== '' && text !== '(empty text)');
  for (const [index, column] of report.columns.entries()) {
    if (open.length === 0) break;
    const isNumber = column.type === 'integer' || column.type === 'number';
    const field = shownText(`v${index}`);
    const same = isNumber
      ? `v${index} = TRY_CAST(q.t AS DOUBLE)`
      : `${field} = q.t OR (q.t LIKE '%…' AND starts_with(${field}, left(q.t, -1)))`;
    const raw = column.from === 'text' ? ` OR EXISTS (SELECT 1 FROM src WHERE ${field} = q.t)` : '';
    const list = open.map((text) => `(${sqlText(text)})`).join(', ');
    const reader = await db.runAndReadAll(
      `SELECT t FROM (VALUES ${list}) AS q(t) WHERE EXISTS (SELECT 1 FROM val WHERE ${same})${raw}`,
    );
    const found = new Set(reader.getRowsJS().map(([text]) => plainText(text)));
    open = open.filter((text) => !found.has(text));
  }
  return open;
}

function shownText(field: string): string {
  return `regexp_replace(${field}::VARCHAR, '\\s+', ' ', 'g')`;
}
