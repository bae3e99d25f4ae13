import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../../definition';
import { count, type Duck, ident, literal, openDuck } from '../jobs/duck';
import type { ColumnReading } from '../model';

/** Texts that stand for "nothing" in a column of texts. */
const NOTHING = ['na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '-', '--', '?'];

interface Table {
  readonly view: string;
  readonly readings: readonly ColumnReading[];
}

async function attach(duck: Duck, path: string, view: string): Promise<Table> {
  await duck.run(`CREATE VIEW ${view} AS SELECT * FROM read_parquet(${literal(path)}, file_row_number = true)`);
  const row = await duck.row(
    `SELECT decode(value) AS readings FROM parquet_kv_metadata(${literal(path)}) WHERE decode(key) = 'goalkeeper'`,
  );
  return { view, readings: JSON.parse(String(row.readings)) as ColumnReading[] };
}

async function within<T>(scratch: string, work: (duck: Duck) => Promise<T>): Promise<T> {
  const duck = await openDuck(scratch);
  try {
    return await work(duck);
  } finally {
    duck.close();
  }
}

/** Trims texts, empties what stands for nothing, leaves out empty and doubled rows; writes `cleaned.csv` and the readings. */
export async function cleanJob(input: JsonObject): Promise<JsonObject> {
  const { table, scratch } = input as { table: string; scratch: string };
  return within(scratch, async (duck) => {
    const { readings } = await attach(duck, table, 't');
    const names = readings.map(({ name }) => ident(name));
    const tokens = NOTHING.map(literal).join(', ');
    const cells = readings.map(({ name, type }) => {
      if (type !== 'text') return `${ident(name)}`;
      const bare = `regexp_replace(${ident(name)}::VARCHAR, '^\\s+|\\s+$', '', 'g')`;
      return `CASE WHEN lower(${bare}) IN (${tokens}) THEN NULL ELSE nullif(${bare}, '') END AS ${ident(name)}`;
    });
    await duck.run(`CREATE TABLE c AS SELECT ${cells.join(', ')}, file_row_number AS gk_row FROM t`);
    const changed = readings
      .filter(({ type }) => type === 'text')
      .map(({ name }) => `count(*) FILTER (t.${ident(name)} IS DISTINCT FROM c.${ident(name)})`);
    const cellsChanged = changed.length === 0 ? '0' : changed.join(' + ');
    const counted = await duck.row(
      `SELECT count(*) AS rows, ${cellsChanged} AS cells FROM t JOIN c ON c.gk_row = t.file_row_number`,
    );
    const isEmpty = names.map((name) => `${name} IS NULL`).join(' AND ');
    const empty = count((await duck.row(`SELECT count(*) AS n FROM c WHERE ${isEmpty}`)).n);
    await duck.run(
      `CREATE TABLE k AS SELECT ${names.join(', ')}, min(gk_row) AS gk_row FROM c WHERE NOT (${isEmpty}) GROUP BY ALL`,
    );
    const kept = count((await duck.row('SELECT count(*) AS n FROM k')).n);
    await copyCsv(duck, `SELECT ${names.join(', ')} FROM k ORDER BY gk_row`, join(scratch, 'cleaned.csv'));
    const rows = count(counted.rows);
    const doubled = rows - empty - kept;
    const told = { rows, kept, empty, doubled, cells: count(counted.cells) };
    return tell(scratch, { ...told, columns: { left: readings, right: null } });
  });
}

interface PairJob {
  readonly left: string;
  readonly right: string;
  readonly scratch: string;
  readonly column: string | null;
}

/** Counts how two tables differ: columns, and rows as wholes or by the key; writes the first differences as `differences.csv`. */
export async function compareJob(input: JsonObject): Promise<JsonObject> {
  const { left, right, scratch, column } = input as unknown as PairJob;
  return within(scratch, async (duck) => {
    const [a, b] = [await attach(duck, left, 'a'), await attach(duck, right, 'b')];
    const common = a.readings.map(({ name }) => name).filter((name) => b.readings.some((other) => other.name === name));
    if (common.length === 0)
      throw new ToolFailure('data.no_common_columns', 'The two tables have no column of the same name.');
    const key = column === null ? null : findColumn(column, common);
    for (const table of [a, b]) await asText(duck, table, common);
    const columns = {
      common,
      onlyLeft: a.readings.map(({ name }) => name).filter((name) => !common.includes(name)),
      onlyRight: b.readings.map(({ name }) => name).filter((name) => !common.includes(name)),
    };
    const rows = await (key === null ? byRows(duck, common) : byKey(duck, common, key));
    await copyCsv(duck, 'SELECT * FROM d ORDER BY ALL LIMIT 1000', join(scratch, 'differences.csv'));
    return tell(scratch, { ...rows, key, names: columns, columns: { left: a.readings, right: b.readings } });
  });
}

/** All values as one form of text, so that 1 and 1.0 are the same. */
async function asText(duck: Duck, { view, readings }: Table, names: readonly string[]): Promise<void> {
  const cells = names.map((name) => {
    const type = readings.find((one) => one.name === name)?.type;
    const number = `CAST(CAST(${ident(name)} AS DOUBLE) AS VARCHAR)`;
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
  for (const [table, side] of [
    ['xa', 'first'],
    ['xb', 'second'],
  ] as const) {
    const twice = await duck.row(
      `SELECT count(*) AS n FROM (SELECT ${ident(key)} FROM ${table} GROUP BY 1 HAVING count(*) > 1 OR ${ident(key)} IS NULL)`,
    );
    if (count(twice.n) > 0) {
      const message = `${key} does not name the rows of the ${side} table: some values stand there twice, or are missing.`;
      throw new ToolFailure('data.key_not_unique', message);
    }
  }
  const others = names.filter((name) => name !== key);
  const differs = others.map((name) => `xa.${ident(name)} IS DISTINCT FROM xb.${ident(name)}`).join(' OR ') || 'false';
  const id = ident(key);
  await duck.run(
    `CREATE TABLE d AS SELECT coalesce(xa.${id}, xb.${id}) AS ${id},
       CASE WHEN xb.${id} IS NULL THEN 'removed' WHEN xa.${id} IS NULL THEN 'added' ELSE 'changed' END AS difference
     FROM xa FULL JOIN xb ON xa.${id} = xb.${id} WHERE xa.${id} IS NULL OR xb.${id} IS NULL OR ${differs}`,
  );
  const row = await duck.row(
    `SELECT (SELECT count(*) FROM xa) AS l, (SELECT count(*) FROM xb) AS r, count(*) FILTER (difference = 'removed') AS ol,
       count(*) FILTER (difference = 'added') AS orr, count(*) FILTER (difference = 'changed') AS ch FROM d`,
  );
  return {
    leftRows: count(row.l),
    rightRows: count(row.r),
    onlyLeft: count(row.ol),
    onlyRight: count(row.orr),
    changed: count(row.ch),
  };
}

/** Joins two tables on a column that both have; writes `joined.csv`. */
export async function joinJob(input: JsonObject): Promise<JsonObject> {
  const { left, right, scratch, column } = input as unknown as PairJob;
  return within(scratch, async (duck) => {
    const [a, b] = [await attach(duck, left, 'a'), await attach(duck, right, 'b')];
    const common = a.readings.map(({ name }) => name).filter((name) => b.readings.some((other) => other.name === name));
    if (common.length === 0)
      throw new ToolFailure('data.no_common_columns', 'The two tables have no column of the same name to join on.');
    if (column === null && common.length > 1)
      throw new ToolFailure(
        'data.unknown_column',
        `Name the column to join on, one of ${common.slice(0, 10).join(', ')}.`,
      );
    const key = findColumn(column ?? common[0] ?? '', common);
    const own = a.readings.map(({ name }) => `a.${ident(name)}`);
    const others = b.readings
      .filter(({ name }) => name !== key)
      .map(({ name }) => `b.${ident(name)} AS ${ident(common.includes(name) ? `${name}_2` : name)}`);
    const text = (view: string, readings: readonly ColumnReading[]): string => {
      const type = readings.find(({ name }) => name === key)?.type;
      const cell = `${view}.${ident(key)}`;
      return type === 'integer' || type === 'number'
        ? `CAST(CAST(${cell} AS DOUBLE) AS VARCHAR)`
        : `CAST(${cell} AS VARCHAR)`;
    };
    const on = `${text('a', a.readings)} = ${text('b', b.readings)}`;
    await duck.run(
      `CREATE TABLE j AS SELECT ${[...own, ...others].join(', ')} FROM a JOIN b ON ${on} ORDER BY a.file_row_number, b.file_row_number`,
    );
    await copyCsv(duck, 'SELECT * FROM j', join(scratch, 'joined.csv'));
    const row = await duck.row(
      `SELECT (SELECT count(*) FROM j) AS rows, (SELECT count(*) FROM a) AS l, (SELECT count(*) FROM b) AS r`,
    );
    const told = { rows: count(row.rows), leftRows: count(row.l), rightRows: count(row.r), key };
    return tell(scratch, { ...told, columns: { left: a.readings, right: b.readings } });
  });
}

function findColumn(wanted: string, names: readonly string[]): string {
  const found =
    names.find((name) => name === wanted) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  throw new ToolFailure(
    'data.unknown_column',
    `Both tables have no column ${wanted}; they share ${names.slice(0, 10).join(', ')}.`,
  );
}

async function copyCsv(duck: Duck, select: string, path: string): Promise<void> {
  await duck.run(`COPY (${select}) TO ${literal(path)} (FORMAT csv, HEADER true)`);
}

async function tell(scratch: string, told: object): Promise<JsonObject> {
  await writeFile(join(scratch, 'told.json'), JSON.stringify(told));
  const { columns: _columns, ...counts } = told as { columns: unknown };
  return counts;
}
