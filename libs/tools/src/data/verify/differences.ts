import type { DuckDBConnection } from '@duckdb/node-api';
import type { Evidence } from '@goalkeeper/domain';
import { sqlText } from './claim-sql';
import { resolveName } from './resolve-name';
import type { Told } from './tables-verify-job';

/** What is judged: the account, the columns that both tables have, and the key that the goal named. */
export interface Compared {
  readonly told: Told;
  readonly common: readonly string[];
  readonly asked: string | null;
}

const name = (text: string): string => `"${text.split('"').join('""')}"`;
/** Columns of these types can name rows. */
const NAMING = ['integer', 'text', 'date', 'timestamp'];

async function numbers(db: DuckDBConnection, sql: string): Promise<number[]> {
  const reader = await db.runAndReadAll(sql);
  return (reader.getRowsJS()[0] ?? []).map(Number);
}

/** Whether the column that the goal named is the one that was used. */
export function sameColumn(asked: string, used: string | null, common: readonly string[]): Evidence {
  const meant = resolveName(asked, common);
  return {
    check: `rows are matched by "${asked}", as asked`,
    holds: meant !== null && meant === used,
    seen: used ?? 'no column',
  };
}

/** The key is the one that was asked for, or one that names every row; without a key there is none to be found. */
export async function keyEvidence(db: DuckDBConnection, { told, common, asked }: Compared): Promise<Evidence[]> {
  const used = told.key ?? null;
  const evidence: Evidence[] = [];
  if (used !== null) {
    evidence.push({ check: `${used} names every row of both tables`, holds: await isNaming(db, used), seen: used });
    if (asked !== null) evidence.push(sameColumn(asked, used, common));
    return evidence;
  }
  if (asked !== null) {
    const meant = resolveName(asked, common);
    const holds = meant !== null && !(await isNaming(db, meant));
    return [{ check: `"${asked}" does not name the rows, as is told`, holds, seen: meant ?? 'no such column' }];
  }
  const types = (side: readonly { name: string; type: string }[]): Map<string, string> =>
    new Map(side.map((column) => [column.name, column.type]));
  const [left, right] = [types(told.columns.left), types(told.columns.right ?? [])];
  const fit: string[] = [];
  for (const one of common) {
    const type = left.get(one) ?? '';
    if (NAMING.includes(type) && right.get(one) === type && (await isNaming(db, one)) && (await isShared(db, one)))
      fit.push(one);
  }
  return [
    { check: 'no column names the rows of both tables, as is told', holds: fit.length === 0, seen: fit[0] ?? 'none' },
  ];
}

async function isNaming(db: DuckDBConnection, column: string): Promise<boolean> {
  const faults = ['left', 'right'].map(
    (side) =>
      `(SELECT count(*) - count(DISTINCT ${name(column)}) FROM "${side}"), (SELECT count(*) FROM "${side}" WHERE ${name(column)} IS NULL)`,
  );
  return (await numbers(db, `SELECT ${faults.join(', ')}`)).every((count) => count === 0);
}

async function isShared(db: DuckDBConnection, column: string): Promise<boolean> {
  const [both = 0, left = 0, right = 0] = await numbers(
    db,
    `SELECT (SELECT count(*) FROM "left" WHERE ${name(column)} IN (SELECT ${name(column)} FROM "right")),
       (SELECT count(*) FROM "left"), (SELECT count(*) FROM "right")`,
  );
  return Math.min(left, right) > 0 && both * 2 >= Math.min(left, right);
}

/** Every line of the differences is one of the sources, and none of theirs is missing: by a key value by value, else row by row. */
export async function linesEvidence(
  db: DuckDBConnection,
  { told, common }: Compared,
  result: string,
): Promise<Evidence> {
  const check = 'the lines of differences are those of the sources';
  await db.run(
    `CREATE TABLE lines AS FROM read_csv(${sqlText(result)}, all_varchar = true, header = true, delim = ',', quote = '"')`,
  );
  const key = told.key ?? null;
  const expected = key === null ? wholeRows(common) : cells(common, key);
  const given = key === null ? [...common, 'in_left', 'in_right'] : ['key', 'difference', 'column', 'old', 'new'];
  const header = (await db.runAndReadAll('SELECT * FROM lines LIMIT 0')).columnNames();
  if (header.join('\u0000') !== given.join('\u0000'))
    return { check, holds: false, seen: header.join(', ').slice(0, 200) };
  const plain = (columns: readonly string[]): string =>
    columns
      .map((one) => `regexp_replace(coalesce(${name(one)}::VARCHAR, ''), '^(-?[0-9]+)[.]0$', '\\1') AS ${name(one)}`)
      .join(', ');
  await db.run(`CREATE TABLE truth AS SELECT ${plain(given)} FROM (${expected})`);
  const [made = 0, lacking = 0, lines = 0, all = 0] = await numbers(
    db,
    `SELECT (SELECT count(*) FROM (SELECT ${plain(given)} FROM lines EXCEPT ALL FROM truth)),
       (SELECT count(*) FROM (FROM truth EXCEPT ALL SELECT ${plain(given)} FROM lines)),
       (SELECT count(*) FROM lines), (SELECT count(*) FROM truth)`,
  );
  const isTold =
    told.listed === lines && told.lines === all && lacking === all - lines && (lines === all || lines >= 1000);
  return {
    check,
    holds: made === 0 && isTold,
    seen: `made up: ${made}, lacking: ${lacking}, lines: ${lines} of ${all}`,
  };
}

function cells(common: readonly string[], key: string): string {
  const id = name(key);
  const both = `"left" AS l FULL JOIN "right" AS r ON l.${id} = r.${id}`;
  const kind = `if(r.${id} IS NULL, 'removed', if(l.${id} IS NULL, 'added', 'changed'))`;
  return common
    .map((one) => {
      const [old, now] = [`l.${name(one)}`, `r.${name(one)}`];
      return `SELECT ifnull(l.${id}, r.${id}) AS "key", ${kind} AS "difference", ${sqlText(one)} AS "column", ${old} AS "old", ${now} AS "new" FROM ${both} WHERE ${old} IS DISTINCT FROM ${now}`;
    })
    .join(' UNION ALL ');
}

function wholeRows(common: readonly string[]): string {
  const list = common.map(name).join(', ');
  const count = (side: string): string => `SELECT ${list}, count(*) AS n FROM "${side}" GROUP BY ALL`;
  const same = common.map((one) => `a.${name(one)} IS NOT DISTINCT FROM b.${name(one)}`).join(' AND ');
  const cell = common.map((one) => `coalesce(a.${name(one)}, b.${name(one)}) AS ${name(one)}`).join(', ');
  return `SELECT ${cell}, coalesce(a.n, 0) AS in_left, coalesce(b.n, 0) AS in_right FROM (${count('left')}) AS a
    FULL JOIN (${count('right')}) AS b ON ${same} WHERE a.n IS DISTINCT FROM b.n`;
}
