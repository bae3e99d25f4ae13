import { join } from 'node:path';
import type { JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../../definition';
import { count, type Duck, ident, literal } from '../jobs/duck';
import { attach, copyCsv, findColumn, type PairJob, type Table, tell, within } from './pair';
import { findKey, type KeyWhy } from './find-key';

/** Lines of `differences.csv` at most; how many there are is told. */
const LISTED = 100_000;

/** Counts how two tables differ: columns, and rows by a key, given or found, or as wholes; writes `differences.csv`. */
export async function compareJob(input: JsonObject): Promise<JsonObject> {
  const { left, right, scratch, column, refused = null } = input as unknown as PairJob & { refused?: string | null };
  return within(scratch, async (duck) => {
    const [a, b] = [await attach(duck, left, 'a'), await attach(duck, right, 'b')];
    const common = a.readings.map(({ name }) => name).filter((name) => b.readings.some((other) => other.name === name));
    if (common.length === 0)
      throw new ToolFailure('data.no_common_columns', 'The two tables have no column of the same name.');
    const given = column === null ? null : findColumn(column, common);
    for (const table of [a, b]) await asText(duck, table, common);
    const key = given ?? (refused === null ? await findKey(duck, [a.readings, b.readings], common) : null);
    const keyWhy: KeyWhy = given !== null ? 'given' : key !== null ? 'found' : refused !== null ? 'refused' : 'none';
    const columns = {
      common,
      onlyLeft: a.readings.map(({ name }) => name).filter((name) => !common.includes(name)),
      onlyRight: b.readings.map(({ name }) => name).filter((name) => !common.includes(name)),
    };
    const rows = await (key === null ? byRows(duck, common) : byKey(duck, common, key));
    const lines = count((await duck.row('SELECT count(*) AS n FROM d')).n);
    await copyCsv(duck, `SELECT * FROM d ORDER BY ALL LIMIT ${LISTED}`, join(scratch, 'differences.csv'));
    const told = { ...rows, key, keyWhy, refused, lines, listed: Math.min(lines, LISTED) };
    return tell(scratch, { ...told, names: columns, columns: { left: a.readings, right: b.readings } });
  });
}

/** All values as one form of text, so that 1 and 1.0 are the same. */
async function asText(duck: Duck, { view, readings }: Table, names: readonly string[]): Promise<void> {
  const cells = names.map((name) => {
    const type = readings.find((one) => one.name === name)?.type;
    const number = `regexp_replace(CAST(CAST(${ident(name)} AS DOUBLE) AS VARCHAR), '[.]0$', '')`;
    return `${type === 'integer' || type === 'number' ? number : `CAST(${ident(name)} AS VARCHAR)`} AS ${ident(name)}`;
  });
  await duck.run(`CREATE TABLE x${view} AS SELECT ${cells.join(', ')} FROM ${view}`);
}

async function byRows(duck: Duck, names: readonly string[]): Promise<JsonObject> {
  const list = names.map(ident).join(', ');
  await duck.run(
    `CREATE TABLE d AS SELECT * FROM (
       SELECT ${list}, sum(l)::BIGINT AS in_left, sum(r)::BIGINT AS in_right
       FROM (SELECT ${list}, 1 AS l, 0 AS r FROM xa UNION ALL SELECT ${list}, 0, 1 FROM xb) GROUP BY ALL)
     WHERE in_left <> in_right`,
  );
  const row = await duck.row(
    `SELECT (SELECT count(*) FROM xa) AS l, (SELECT count(*) FROM xb) AS r,
       coalesce(sum(greatest(in_left - in_right, 0)), 0)::BIGINT AS ol, coalesce(sum(greatest(in_right - in_left, 0)), 0)::BIGINT AS orr FROM d`,
  );
  return {
    leftRows: count(row.l),
    rightRows: count(row.r),
    onlyLeft: count(row.ol),
    onlyRight: count(row.orr),
    changed: 0,
  };
}

async function byKey(duck: Duck, names: readonly string[], key: string): Promise<JsonObject> {
  await mustName(duck, key);
  const others = names.filter((name) => name !== key);
  const differs = others.map((name) => `xa.${ident(name)} IS DISTINCT FROM xb.${ident(name)}`).join(' OR ') || 'false';
  const id = ident(key);
  const cells = others.flatMap((name, index) => [`xa.${ident(name)} AS l${index}`, `xb.${ident(name)} AS r${index}`]);
  await duck.run(
    `CREATE TABLE j AS SELECT coalesce(xa.${id}, xb.${id}) AS k,
       CASE WHEN xb.${id} IS NULL THEN 'removed' WHEN xa.${id} IS NULL THEN 'added' ELSE 'changed' END AS difference${cells.map((cell) => `, ${cell}`).join('')}
     FROM xa FULL JOIN xb ON xa.${id} = xb.${id} WHERE xa.${id} IS NULL OR xb.${id} IS NULL OR ${differs}`,
  );
  await makeLines(duck, others, key);
  const row = await duck.row(
    `SELECT (SELECT count(*) FROM xa) AS l, (SELECT count(*) FROM xb) AS r, count(*) FILTER (difference = 'removed') AS ol,
       count(*) FILTER (difference = 'added') AS orr, count(*) FILTER (difference = 'changed') AS ch FROM j`,
  );
  return {
    leftRows: count(row.l),
    rightRows: count(row.r),
    onlyLeft: count(row.ol),
    onlyRight: count(row.orr),
    changed: count(row.ch),
  };
}

/** One line for every value that differs, with the old and the new one; a row that went or came begins with its key. */
async function makeLines(duck: Duck, others: readonly string[], key: string): Promise<void> {
  const keys = `SELECT k AS key, difference, ${literal(key)} AS "column", CASE WHEN difference = 'removed' THEN k END AS old,
      CASE WHEN difference = 'added' THEN k END AS new FROM j WHERE difference <> 'changed'`;
  const values = others.map(
    (name, index) =>
      `SELECT k, difference, ${literal(name)}, l${index}, r${index} FROM j WHERE l${index} IS DISTINCT FROM r${index}`,
  );
  await duck.run(`CREATE TABLE d AS ${[keys, ...values].join(' UNION ALL ')}`);
}

/** @throws {ToolFailure} `data.key_not_unique` where the key does not name every row once */
async function mustName(duck: Duck, key: string): Promise<void> {
  for (const [table, side] of [
    ['xa', 'first'],
    ['xb', 'second'],
  ] as const) {
    const twice = await duck.row(
      `SELECT count(*) AS n FROM (SELECT ${ident(key)} FROM ${table} GROUP BY 1 HAVING count(*) > 1 OR ${ident(key)} IS NULL)`,
    );
    if (count(twice.n) === 0) continue;
    const message = `${key} does not name the rows of the ${side} table: some values stand there twice, or are missing.`;
    throw new ToolFailure('data.key_not_unique', message);
  }
}
