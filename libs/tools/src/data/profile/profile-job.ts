import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject } from '@goalkeeper/domain';
import { count, type Duck, ident, numberOrNull, openDuck, type Row, textOrNull } from '../jobs/duck';
import { attachTable } from '../jobs/table';
import type { ColumnReading, NumericSummary, Profile, ProfileColumn } from '../model';
import { isGroupable, roleOf } from './roles';

/** Longer tables get estimates of distinct counts and quantiles: exact ones would sort every column on disk. */
const EXACT_ROWS = 20_000_000;
const BATCH = 20;
const TOP = 10;

/** Describes every column of a table; leaves `profile.json` in the scratch folder. */
export async function profileJob(input: JsonObject, progress: (value: Json) => void): Promise<JsonObject> {
  const { table, scratch } = input as { table: string; scratch: string };
  const duck = await openDuck(scratch);
  try {
    const readings = await attachTable(duck, table);
    const rows = count((await duck.row('SELECT count(*) AS n FROM t')).n);
    const isExact = rows <= EXACT_ROWS;
    const columns: ProfileColumn[] = [];
    for (let from = 0; from < readings.length; from += BATCH) {
      const batch = readings.slice(from, from + BATCH);
      const row = await duck.row(
        `SELECT ${batch.map((reading, index) => measures(reading, index, isExact)).join(', ')} FROM t`,
      );
      for (const [index, reading] of batch.entries()) {
        columns.push(await profileColumn(duck, { reading, row, index, rows, isExact }));
      }
      progress({ profiled: columns.length, of: readings.length });
    }
    const version = textOrNull((await duck.row('SELECT version() AS v')).v) ?? '';
    const profile: Profile = { engine: `DuckDB ${version}`, rows, columns };
    await writeFile(join(scratch, 'profile.json'), JSON.stringify(profile));
    return summary(profile);
  } finally {
    duck.close();
  }
}

function measures(reading: ColumnReading, index: number, isExact: boolean): string {
  const column = ident(reading.name);
  const parts = [`count(${column}) AS present${index}`];
  if (!isExact) parts.push(`approx_count_distinct(${column}) AS distinct${index}`);
  if (isNumeric(reading)) {
    const value = `${column}::DOUBLE`;
    const quantiles = isExact
      ? `quantile_cont(${value}, [0.05, 0.25, 0.5, 0.75, 0.95])`
      : `approx_quantile(${value}, [0.05, 0.25, 0.5, 0.75, 0.95])`;
    parts.push(
      `min(${value}) AS min${index}`,
      `max(${value}) AS max${index}`,
      `favg(${value}) AS mean${index}`,
      `stddev_samp(${value}) AS stddev${index}`,
      `fsum(${value}) AS sum${index}`,
      `${quantiles} AS quantiles${index}`,
      `count(*) FILTER (WHERE ${value} = 0) AS zeros${index}`,
      `count(*) FILTER (WHERE ${value} < 0) AS negatives${index}`,
    );
  } else if (reading.type === 'date') {
    parts.push(
      `strftime(min(${column}), '%Y-%m-%d') AS min${index}`,
      `strftime(max(${column}), '%Y-%m-%d') AS max${index}`,
    );
  } else if (reading.type === 'timestamp') {
    const iso = (of: string): string =>
      `strftime(${of}(date_trunc('second', ${column})), '%Y-%m-%dT%H:%M:%S') AS ${of}${index}`;
    parts.push(iso('min'), iso('max'));
  } else if (reading.type === 'text') {
    parts.push(
      `min(length(${column})) AS min${index}`,
      `max(length(${column})) AS max${index}`,
      `avg(length(${column})) AS mean${index}`,
      `count(*) FILTER (WHERE ${column} LIKE '% %') AS spaced${index}`,
    );
  }
  return parts.join(', ');
}

function isNumeric({ type }: ColumnReading): boolean {
  return type === 'integer' || type === 'number';
}

interface ColumnWork {
  readonly reading: ColumnReading;
  readonly row: Row;
  readonly index: number;
  readonly rows: number;
  readonly isExact: boolean;
}

async function profileColumn(duck: Duck, work: ColumnWork): Promise<ProfileColumn> {
  const { reading, row, index, rows, isExact } = work;
  const present = count(row[`present${index}`]);
  const top = await topValues(duck, reading.name);
  const distinct = isExact ? top.distinct : Math.min(present, count(row[`distinct${index}`]));
  const isText = reading.type === 'text';
  const numeric = isNumeric(reading) && present > 0 ? numericSummary(row, index) : null;
  const facts = {
    reading,
    rows,
    present,
    distinct,
    numeric,
    spaced: count(row[`spaced${index}`]),
    topCount: top.values[0]?.count ?? 0,
  };
  const role = roleOf(facts);
  return {
    name: reading.name,
    type: reading.type,
    role,
    groupable: isGroupable(role, facts),
    missing: rows - present,
    distinct,
    exact: isExact,
    reading,
    numeric,
    dates: datesOf(reading, row, index),
    lengths:
      isText && present > 0
        ? {
            min: count(row[`min${index}`]),
            max: count(row[`max${index}`]),
            mean: numberOrNull(row[`mean${index}`]) ?? 0,
          }
        : null,
    top: top.values,
  };
}

function datesOf(reading: ColumnReading, row: Row, index: number): ProfileColumn['dates'] {
  if (reading.type !== 'date' && reading.type !== 'timestamp') return null;
  const min = textOrNull(row[`min${index}`]);
  const max = textOrNull(row[`max${index}`]);
  return min !== null && max !== null ? { min, max } : null;
}

function numericSummary(row: Row, index: number): NumericSummary {
  const at = (label: string): number => numberOrNull(row[`${label}${index}`]) ?? 0;
  const list = row[`quantiles${index}`];
  const quantiles = Array.isArray(list) ? list.map(Number) : [];
  const [q05 = 0, q25 = 0, median = 0, q75 = 0, q95 = 0] = quantiles;
  return {
    min: at('min'),
    max: at('max'),
    mean: at('mean'),
    median,
    stddev: numberOrNull(row[`stddev${index}`]),
    sum: at('sum'),
    q05,
    q25,
    q75,
    q95,
    zeros: at('zeros'),
    negatives: at('negatives'),
  };
}

/** Counts every value once: gives the exact number of different ones and the most frequent. */
async function topValues(
  duck: Duck,
  name: string,
): Promise<{ distinct: number; values: { value: string; count: number }[] }> {
  const column = ident(name);
  const rows = await duck.rows(
    `WITH g AS (SELECT ${column} AS v, count(*) AS n FROM t WHERE ${column} IS NOT NULL GROUP BY 1)
     SELECT v::VARCHAR AS value, n, (SELECT count(*) FROM g) AS groups FROM g ORDER BY n DESC, v LIMIT ${TOP}`,
  );
  const values = rows.map((row) => ({ value: textOrNull(row.value) ?? '', count: count(row.n) }));
  return { distinct: count(rows[0]?.groups), values };
}

function summary(profile: Profile): JsonObject {
  const named = (...roles: string[]): string[] =>
    profile.columns
      .filter(({ role }) => roles.includes(role))
      .map(({ name }) => name.slice(0, 80))
      .slice(0, 50);
  return {
    rows: profile.rows,
    columnCount: profile.columns.length,
    numbers: named('number', 'integer', 'year'),
    categories: named('category', 'boolean'),
    dates: named('date'),
    missingCells: profile.columns.reduce((sum, { missing }) => sum + missing, 0),
  };
}
