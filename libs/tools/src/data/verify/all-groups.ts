import type { DuckDBConnection } from '@duckdb/node-api';
import type { Evidence } from '@goalkeeper/domain';
import { ASKED_ROWS } from './asked-periods';
import { Fields, sqlText } from './claim-sql';
import { GROUP_KINDS, textOf } from './group-values';
import type { CheckedReport } from './report-model';

/** False where DuckDB refuses the file for what is in it; anything else that goes wrong says nothing of the file. */
async function readsAsTable(db: DuckDBConnection, path: string): Promise<boolean> {
  try {
    await db.run(
      `CREATE TABLE told_groups AS FROM read_csv(${sqlText(path)}, all_varchar = true, header = true, delim = ',', quote = '"')`,
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Invalid Input Error')) return false;
    throw error;
  }
}

interface GroupsFile {
  readonly path: string | null;
  readonly by: string;
  readonly per: string | null;
  readonly report: CheckedReport;
}

/** Compares the file of all groups with the source: each group once, with its rows and every statistic in its header (`sum(price)`). */
export async function compareAllGroups(db: DuckDBConnection, { path, by, per, report }: GroupsFile): Promise<Evidence> {
  const check = `groups.csv has every group of ${by}, as the source has it`;
  if (path === null) return { check, holds: false, seen: 'no such file was made' };
  if (!(await readsAsTable(db, path)))
    return { check, holds: false, seen: 'its lines differ in their number of fields' };
  const reader = await db.runAndReadAll('SELECT * FROM told_groups LIMIT 0');
  const [first = '', rows = '', ...others] = reader.columnNames();
  const fields = new Fields(report.columns);
  const told = [{ header: rows, sql: GROUP_KINDS.group_rows?.('') ?? '' }];
  for (const header of others) {
    const match = /^(count|distinct|sum|mean|median|min|max)\((.*)\)$/su.exec(header);
    const make = match ? GROUP_KINDS[`group_${match[1] ?? ''}`] : undefined;
    if (!match || !make) return { check, holds: false, seen: `a column is called "${header.slice(0, 60)}"` };
    told.push({ header, sql: make(fields.field(match[2])) });
  }
  const name = (text: string): string => `"${text.split('"').join('""')}"`;
  const field = fields.field(by);
  const truth = `SELECT ${textOf(fields.column(by), field, per)} AS k, ${told.map(({ sql }, index) => `(${sql})::DOUBLE AS e${index}`).join(', ')}
    FROM ${ASKED_ROWS} WHERE ${field} IS NOT NULL GROUP BY k`;
  const given = `SELECT coalesce(${name(first)}, '') AS g, ${told.map(({ header }, index) => `TRY_CAST(${name(header)} AS DOUBLE) AS t${index}`).join(', ')} FROM told_groups`;
  const differs = told
    .map(
      (_, index) =>
        `(e${index} IS NULL) <> (t${index} IS NULL) OR abs(e${index} - t${index}) > 1e-9 * greatest(abs(e${index}), abs(t${index})) + 1e-9`,
    )
    .join(' OR ');
  const answer = await db.runAndReadAll(
    `SELECT count(*) FILTER (k IS NULL OR g IS NULL OR ${differs}), count(DISTINCT k), count(*), any_value(coalesce(k, g)) FILTER (k IS NULL OR g IS NULL OR ${differs})
     FROM (${truth}) AS truth FULL JOIN (${given}) AS given ON k = g`,
  );
  const [wrong = 0, groups = 0, lines = 0] = (answer.getRowsJS()[0] ?? []).slice(0, 3).map(Number);
  const example = answer.getRowsJS()[0]?.[3];
  const seen =
    wrong > 0
      ? `wrong: ${wrong}, such as ${typeof example === 'string' ? example.slice(0, 60) : ''}`
      : `groups: ${groups}`;
  return { check, holds: wrong === 0 && groups === lines, seen };
}
