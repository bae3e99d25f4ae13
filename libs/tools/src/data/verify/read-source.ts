import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, VARCHAR } from '@duckdb/node-api';
import { csvRecords, endsInsideQuote } from './csv-cells';
import { plainText } from './number-text';
import type { CheckedReport } from './report-model';

/** Up to here the source is parsed by code of our own; longer files, which were opened strictly, by DuckDB's reader. */
const OWN_PARSER_BYTES = 64 * 1024 * 1024;
/** Longest line in such a file; the reader's buffers are sixteen times as large. */
const MAX_LINE_BYTES = 2 * 1024 * 1024;

export interface SourceReading {
  /** Names found in the source itself, in order; null where the source gives none. */
  readonly names: readonly string[] | null;
  /** How often each repair was needed, by this reading. */
  readonly repairs: ReadonlyMap<string, { count: number; first: string }>;
}

/** SHA-256 of a file, read piece by piece. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Reads the original source into the table `src` (columns `v0`, `v1`, …, as text or, from Parquet, as they are). */
export async function readSource(
  db: DuckDBConnection,
  path: string,
  report: CheckedReport,
  scratch: string,
): Promise<SourceReading> {
  const link = join(scratch, 'source');
  await symlink(path, link);
  const { source } = report;
  if (source.format === 'parquet') return readParquet(db, link);
  if (source.format !== 'csv') return readJson(db, link, report, scratch);
  const small = report.source.sizeBytes <= OWN_PARSER_BYTES;
  return small || report.tolerant ? readCsvOurselves(db, link, report) : readLongCsv(db, link, report);
}

async function readParquet(db: DuckDBConnection, link: string): Promise<SourceReading> {
  const described = await db.runAndReadAll(`SELECT name FROM parquet_schema(${text(link)})`);
  const table = await db.runAndReadAll(`SELECT * FROM read_parquet(${text(link)}) LIMIT 0`);
  const names = table.columnNames();
  if (described.currentRowCount === 0) throw new Error('the Parquet file has no schema');
  const columns = names.map((_name, index) => `v${index}`).join(', ');
  await db.run(`CREATE VIEW src AS SELECT * FROM read_parquet(${text(link)}) AS p(${columns})`);
  return { names, repairs: new Map() };
}

async function readJson(
  db: DuckDBConnection,
  link: string,
  report: CheckedReport,
  scratch: string,
): Promise<SourceReading> {
  const { source, tolerant, columns } = report;
  const repairs = new Map<string, { count: number; first: string }>();
  if (source.encoding !== 'utf-8') note(repairs, 'transcoded', '');
  const isArray = source.format === 'json' && source.member === undefined;
  const needsUs = source.member !== undefined || tolerant || source.encoding !== 'utf-8';
  let path = link;
  if (needsUs) {
    path = join(scratch, 'rows.json');
    await writeFile(path, plainRows(await decoded(link, source.encoding), report, repairs));
  }
  const format = isArray ? 'array' : 'newline_delimited';
  const fields = columns.map(
    ({ name }, index) => `json ->> ${text(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)} AS v${index}`,
  );
  const from = `read_json_objects(${text(path)}, format = '${format}', maximum_object_size = 16777216)`;
  await db.run(`CREATE TABLE src AS SELECT ${fields.join(', ')} FROM ${from}`);
  const keys = await db.runAndReadAll(`SELECT DISTINCT unnest(json_keys(json)) AS k FROM ${from}`);
  const found = new Set(keys.getRowObjectsJS().map((row) => plainText(row.k)));
  const extra = [...found].filter((name) => !columns.some((column) => column.name === name));
  return { names: [...columns.map(({ name }) => name).filter((name) => found.has(name)), ...extra], repairs };
}

function plainRows(
  whole: string,
  report: CheckedReport,
  repairs: Map<string, { count: number; first: string }>,
): string {
  const { source } = report;
  if (source.member !== undefined) {
    const rows = (JSON.parse(whole) as Record<string, unknown>)[source.member];
    if (!Array.isArray(rows)) throw new Error(`the source has no list "${source.member}"`);
    return rows.map((row) => JSON.stringify(row)).join('\n');
  }
  if (source.format === 'json') return whole;
  const lines = whole.split(/\r\n|\n|\r/);
  return lines.filter((line, index) => line.trim() !== '' && (isRow(line) || skip(repairs, index, line))).join('\n');
}

function skip(repairs: Map<string, { count: number; first: string }>, index: number, line: string): false {
  note(repairs, 'broken_lines_left_out', `line ${index + 1}: ${line}`);
  return false;
}

function isRow(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return Object.prototype.toString.call(value) === '[object Object]';
  } catch {
    return false;
  }
}

async function readLongCsv(db: DuckDBConnection, link: string, report: CheckedReport): Promise<SourceReading> {
  const width = report.columns.length;
  const columns = Array.from({ length: width }, (_, index) => `'v${index}': 'VARCHAR'`).join(', ');
  const { delimiter = ',', header = true } = report.source;
  await db.run(
    `CREATE TABLE src AS FROM read_csv(${text(link)}, delim = ${text(delimiter)}, skip = ${header ? 1 : 0}, header = false, auto_detect = false,
       columns = {${columns}}, quote = '"', escape = '"', all_varchar = true, max_line_size = ${MAX_LINE_BYTES})`,
  );
  return { names: null, repairs: new Map() };
}

async function readCsvOurselves(db: DuckDBConnection, link: string, report: CheckedReport): Promise<SourceReading> {
  const repairs = new Map<string, { count: number; first: string }>();
  const { encoding, delimiter = ',', header = true } = report.source;
  const whole = await decoded(link, encoding);
  if (encoding !== 'utf-8') note(repairs, 'transcoded', '');
  const width = report.columns.length;
  await db.run(`CREATE TABLE src (${report.columns.map((_, index) => `v${index} VARCHAR`).join(', ')})`);
  const appender = await db.createAppender('src');
  let names: string[] | null = null;
  let pending = 0;
  for (const { line, cells } of csvRecords(whole, delimiter)) {
    if (header && names === null) {
      names = cells.map((cell) => cell.trim());
      continue;
    }
    const row = fitted(cells, width, `line ${line}: ${cells.join(' | ')}`, repairs);
    if (!row) continue;
    for (const cell of row) {
      if (cell === '') appender.appendNull();
      else appender.appendValue(cell, VARCHAR);
    }
    appender.endRow();
    if ((pending += 1) % 50_000 === 0) appender.flushSync();
  }
  appender.closeSync();
  if (report.tolerant && endsInsideQuote(whole, delimiter)) note(repairs, 'unclosed_quote', '');
  return { names, repairs };
}

function fitted(
  cells: string[],
  width: number,
  first: string,
  repairs: Map<string, { count: number; first: string }>,
): string[] | null {
  const extra = cells.slice(width).join('').trim();
  if (cells.length > width && extra !== '') {
    note(repairs, 'long_rows_left_out', first);
    return null;
  }
  if (cells.length > width) note(repairs, 'empty_extra_cells_dropped', first);
  if (cells.length < width) note(repairs, 'short_rows_padded', first);
  return Array.from({ length: width }, (_, index) => cells[index] ?? '');
}

function note(repairs: Map<string, { count: number; first: string }>, kind: string, first: string): void {
  const known = repairs.get(kind);
  if (known) known.count += 1;
  else repairs.set(kind, { count: 1, first });
}

async function decoded(path: string, encoding: string): Promise<string> {
  return new TextDecoder(encoding).decode(await readFile(path));
}

function text(value: string): string {
  return `'${value.split("'").join("''")}'`;
}
