import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Evidence, JsonObject } from '@goalkeeper/domain';
import { z } from 'zod';
import { keyEvidence, linesEvidence, sameColumn } from './differences';
import { hashFile, readSource } from './read-source';
import type { CheckedColumn, CheckedReport } from './report-model';
import { countTidied, marksIn, tidyText } from './tidied-cells';
import { typeValues } from './typed-values';

const Column = z.object({
  name: z.string(),
  type: z.enum(['integer', 'number', 'date', 'timestamp', 'boolean', 'text']),
  from: z.enum(['text', 'native']),
  formats: z.array(z.object({ format: z.string() })),
  missingTokens: z.array(z.object({ token: z.string() })),
});
const Side = z.object({
  source: z.object({ sha256: z.string() }).loose(),
  tolerant: z.boolean(),
  repairs: z.array(z.unknown()),
});
const Told = z
  .object({
    job: z.enum(['clean', 'compare', 'join']),
    left: Side,
    right: Side.nullable(),
    columns: z.object({ left: z.array(Column), right: z.array(Column).nullable() }),
    key: z.string().nullish(),
    keyWhy: z.string().optional(),
    refused: z.string().nullish(),
  })
  .catchall(z.unknown());
export type Told = z.output<typeof Told>;
type Side = z.output<typeof Side>;

/** Reads the sources anew and works out what was told of them: rows that are left, that differ, that belong together. */
export async function tablesVerifyJob(input: JsonObject): Promise<JsonObject> {
  const job = input as {
    asked: string | null;
    json: string;
    result: string;
    left: string;
    right: string | null;
    scratch: string;
  };
  const told = Told.parse(JSON.parse(await readFile(job.json, 'utf8')));
  const evidence: Evidence[] = [];
  let marks = 0;
  const instance = await DuckDBInstance.create(join(job.scratch, 'tables.duckdb'), {
    memory_limit: '512MB',
    threads: '2',
  });
  const db = await instance.connect();
  try {
    await db.run(`SET TimeZone = 'UTC'`);
    for (const side of ['left', 'right'] as const) {
      const [path, own] = [job[side], told[side]];
      if (path === null || !own) continue;
      const sha256 = await hashFile(path);
      const isSame = sha256 === own.source.sha256;
      evidence.push({ check: `the ${side} source is the one that was read`, holds: isSame, seen: sha256.slice(0, 12) });
      if (!isSame) return { evidence } as unknown as JsonObject;
      const scratch = join(job.scratch, side);
      await mkdir(scratch);
      const loaded = await load(db, { path, own, columns: told.columns[side] ?? [], scratch, side });
      evidence.push(loaded.evidence);
      marks += loaded.marks;
    }
    const { asked, result } = job;
    evidence.push(...(await judge(db, told, { asked, result })));
    if (told.job === 'clean') evidence.push(await countTidied(db, told, marks));
    return { evidence } as unknown as JsonObject;
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

interface Loading {
  readonly path: string;
  readonly own: Side;
  readonly columns: z.output<typeof Column>[];
  readonly scratch: string;
  readonly side: string;
}

/** Makes the table of typed values of one source, named by its side, and counts the marks for nothing in it. */
async function load(
  db: DuckDBConnection,
  { path, own, columns, scratch, side }: Loading,
): Promise<{ readonly evidence: Evidence; readonly marks: number }> {
  const plain: CheckedColumn[] = columns.map(({ formats, missingTokens, ...column }) => ({
    ...column,
    formats: formats.map(({ format }) => format),
    missingTokens: missingTokens.map(({ token }) => token),
  }));
  await readSource(db, path, { ...own, columns: plain } as unknown as CheckedReport, scratch);
  const { misread, hidden } = await typeValues(db, plain);
  const marks = await marksIn(db, plain);
  const texts = plain.map(({ name, type }, index) => `${same(`v${index}`, type)} AS ${quoted(name)}`);
  await db.run(`CREATE TABLE "${side}" AS SELECT ${texts.join(', ')} FROM val`);
  for (const made of ['val', 'src']) {
    const kind = await cell(db, `SELECT table_type FROM information_schema.tables WHERE table_name = '${made}'`);
    await db.run(`DROP ${kind === 'VIEW' ? 'VIEW' : 'TABLE'} ${made}`);
  }
  const wrong = misread[0]?.name ?? hidden[0];
  const check = `the ${side} source is read as it stands`;
  return { evidence: { check, holds: wrong === undefined, seen: wrong ?? 'all values' }, marks };
}

/** One text for one value, whatever its type. */
function same(field: string, type: string): string {
  return type === 'integer' || type === 'number' ? `(${field} + 0.0::DOUBLE)::VARCHAR` : `${field}::VARCHAR`;
}

async function judge(
  db: DuckDBConnection,
  told: Told,
  { asked, result }: { readonly asked: string | null; readonly result: string },
): Promise<Evidence[]> {
  if (told.job === 'compare') {
    const about = { told, common: commonOf(told), asked };
    return [
      ...(await judgeComparison(db, told)),
      ...(await keyEvidence(db, about)),
      await linesEvidence(db, about, result),
    ];
  }
  const joinedOn = told.job === 'join' && asked !== null ? [sameColumn(asked, told.key ?? null, commonOf(told))] : [];
  await db.run(
    `CREATE TABLE given AS FROM read_csv('${result.split("'").join("''")}', all_varchar = true, header = true)`,
  );
  const expected = told.job === 'clean' ? cleaned(told.columns.left) : joined(told);
  await db.run(`CREATE TABLE expected AS ${expected}`);
  const types = [...told.columns.left, ...(told.columns.right ?? []).filter(({ name }) => name !== told.key)];
  const names = await columnsOf(db, 'expected');
  const shown = await columnsOf(db, 'given');
  const cells = names.map((name, index) => `${back(quoted(name), types[index]?.type ?? 'text')} AS ${quoted(name)}`);
  const isAlike = names.join('\u0000') === shown.join('\u0000');
  const missing = isAlike
    ? await number(db, `SELECT count(*) FROM (FROM expected EXCEPT ALL SELECT ${cells.join(', ')} FROM given)`)
    : -1;
  const strange = isAlike
    ? await number(db, `SELECT count(*) FROM (SELECT ${cells.join(', ')} FROM given EXCEPT ALL FROM expected)`)
    : -1;
  const rows = await number(db, 'SELECT count(*) FROM expected');
  const stated = Number(told.job === 'clean' ? told.kept : told.rows);
  return [
    ...joinedOn,
    {
      check: 'the columns of the result are those of the sources',
      holds: isAlike,
      seen: shown.join(', ').slice(0, 200),
    },
    { check: 'no row is missing in the result', holds: missing === 0, seen: `missing: ${missing}` },
    { check: 'no row of the result is made up', holds: strange === 0, seen: `made up: ${strange}` },
    { check: 'as many rows are told as there are', holds: stated === rows, seen: `${stated} told, ${rows} there` },
  ];
}

function back(field: string, type: string): string {
  if (type === 'integer' || type === 'number') return `(TRY_CAST(${field} AS DOUBLE) + 0.0::DOUBLE)::VARCHAR`;
  if (type === 'boolean') return `TRY_CAST(${field} AS BOOLEAN)::VARCHAR`;
  return type === 'timestamp' ? `TRY_CAST(${field} AS TIMESTAMP)::VARCHAR` : `nullif(${field}, '')`;
}

function cleaned(columns: readonly { name: string; type: string }[]): string {
  const cells = columns.map(({ name, type }) => {
    if (type !== 'text') return quoted(name);
    return `${tidyText(quoted(name))} AS ${quoted(name)}`;
  });
  return `SELECT DISTINCT * FROM (SELECT ${cells.join(', ')} FROM "left") AS tidy WHERE coalesce(${columns
    .map(({ name }) => quoted(name))
    .join(', ')}) IS NOT NULL`;
}

function joined({ columns, key }: Told): string {
  const on = quoted(key ?? '');
  const own = columns.left.map(({ name }) => `l.${quoted(name)}`);
  const taken = new Set(columns.left.map(({ name }) => name));
  const others = (columns.right ?? [])
    .filter(({ name }) => name !== key)
    .map(({ name }) => `r.${quoted(name)} AS ${quoted(taken.has(name) ? `${name}_2` : name)}`);
  return `SELECT ${[...own, ...others].join(', ')} FROM "left" AS l, "right" AS r WHERE l.${on} = r.${on}`;
}

function commonOf({ columns }: Told): string[] {
  const rightNames = new Set((columns.right ?? []).map(({ name }) => name));
  return columns.left.map(({ name }) => name).filter((name) => rightNames.has(name));
}

async function judgeComparison(db: DuckDBConnection, told: Told): Promise<Evidence[]> {
  const list = commonOf(told).map(quoted).join(', ');
  const [l, r] = [`SELECT ${list} FROM "left"`, `SELECT ${list} FROM "right"`];
  const key = quoted(told.key ?? '');
  const keysOf = (from: string, other: string): string =>
    `SELECT count(*) FROM "${from}" WHERE ${key} NOT IN (SELECT ${key} FROM "${other}")`;
  const isKeyed = typeof told.key === 'string';
  const only = (a: string, b: string): string => `SELECT count(*) FROM (${a} EXCEPT ALL ${b})`;
  const onlyLeft = await number(db, isKeyed ? keysOf('left', 'right') : only(l, r));
  const onlyRight = await number(db, isKeyed ? keysOf('right', 'left') : only(r, l));
  const rowsOnlyLeft = await number(db, only(l, r));
  const found = {
    leftRows: await number(db, 'SELECT count(*) FROM "left"'),
    rightRows: await number(db, 'SELECT count(*) FROM "right"'),
    onlyLeft,
    onlyRight,
    changed: isKeyed ? rowsOnlyLeft - onlyLeft : 0,
  };
  return Object.entries(found).map(([name, value]) => ({
    check: `${name} is that of the sources`,
    holds: told[name] === value,
    seen: `${String(told[name])} told, ${value} there`,
  }));
}

async function columnsOf(db: DuckDBConnection, table: string): Promise<string[]> {
  const reader = await db.runAndReadAll(`SELECT * FROM ${table} LIMIT 0`);
  return reader.columnNames();
}

async function cell(db: DuckDBConnection, sql: string): Promise<unknown> {
  const reader = await db.runAndReadAll(sql);
  return reader.getRowsJS()[0]?.[0];
}

async function number(db: DuckDBConnection, sql: string): Promise<number> {
  return Number(await cell(db, sql));
}

function quoted(name: string): string {
  return `"${name.split('"').join('""')}"`;
}
