import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Condition, ProfileColumn } from '../model';
import { ASKED_ROWS } from '../verify/asked-periods';
import { takeAskedRows } from '../verify/asked-rows';
import type { CheckedReport } from '../verify/report-model';
import { boundConditions } from './condition-sql';

const DAYS = ['2023-03-31', '2024-01-05', '2024-03-01', '2024-03-31', '2024-05-15', '2025-03-02'];

let db: DuckDBConnection;
beforeAll(async () => {
  db = await (await DuckDBInstance.create(':memory:')).connect();
  const days = [...DAYS.map((day) => `(DATE '${day}')`), '(NULL)'].join(', ');
  await db.run(`CREATE TABLE t AS SELECT * FROM (VALUES ${days}) AS r (day)`);
  await db.run('CREATE TABLE val AS SELECT day AS v0, year(day)::DOUBLE AS v1 FROM t');
  await db.run('CREATE VIEW years AS SELECT day, year(day) AS year FROM t');
});

const columns = [
  { name: 'day', type: 'date', role: 'date' },
  { name: 'year', type: 'integer', role: 'year' },
] as unknown as ProfileColumn[];

async function daysIn(sql: string, values: readonly (string | number | boolean)[] = []): Promise<string[]> {
  const reader = await db.runAndReadAll(`SELECT coalesce(day::VARCHAR, 'none') AS d FROM ${sql} ORDER BY d`, [
    ...values,
  ]);
  return reader.getRowsJS().flatMap(([day]) => (typeof day === 'string' ? [day] : []));
}

/** What the tool takes, and what its verifier takes, which writes the same condition in its own way. */
async function taken(where: Condition): Promise<{ tool: string[]; verifier: string[] }> {
  const { sql, values } = boundConditions([where], columns);
  await db.run(`DROP TABLE IF EXISTS ${ASKED_ROWS}`);
  await takeAskedRows(db, { columns, asked: { where: [where] } } as unknown as CheckedReport);
  const verifier = await daysIn(`(SELECT v0 AS day FROM ${ASKED_ROWS})`);
  return { tool: await daysIn(`years WHERE ${sql}`, values), verifier };
}

it.each([
  ['day', 'during', ['--03'], ['2023-03-31', '2024-03-01', '2024-03-31', '2025-03-02']],
  ['day', 'during', ['2024-01', '2024-05'], ['2024-01-05', '2024-05-15']],
  ['day', 'during', ['2023', '2025-Q1'], ['2023-03-31', '2025-03-02']],
  ['day', 'is_not', ['2024', '2025-03'], ['2023-03-31', 'none']],
  ['day', 'is_not', ['--03'], ['2024-01-05', '2024-05-15', 'none']],
  ['day', 'between', ['2024-03', '2024-05'], ['2024-03-01', '2024-03-31', '2024-05-15']],
  ['day', 'after', ['2024-03'], ['2024-05-15', '2025-03-02']],
  ['day', 'until', ['2024-01'], ['2023-03-31', '2024-01-05']],
  ['year', 'during', ['2023', '2025'], ['2023-03-31', '2025-03-02']],
  ['year', 'after', ['2024'], ['2025-03-02']],
] as const)('takes the rows of %s %s %j, and its verifier the same', async (column, comparison, values, expected) => {
  const both = await taken({ column, comparison, values: [...values] });
  expect(both).toEqual({ tool: [...expected], verifier: [...expected] });
});
