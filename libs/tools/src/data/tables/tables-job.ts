import { join } from 'node:path';
import type { JsonObject } from '@goalkeeper/domain';
import { ToolFailure } from '../../definition';
import { count, ident, literal } from '../jobs/duck';
import type { ColumnReading } from '../model';
import { attach, copyCsv, findColumn, type PairJob, tell, within } from './pair';

/** Texts that stand for "nothing" in a column of texts. */
const NOTHING = ['na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '-', '--', '?'];

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
    const marks = readings.flatMap(({ missingTokens }) => missingTokens).reduce((sum, mark) => sum + mark.count, 0);
    const told = { rows, kept, empty, doubled, cells: count(counted.cells) + marks };
    return tell(scratch, { ...told, columns: { left: readings, right: null } });
  });
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
