import { join } from 'node:path';
import { ToolFailure } from '../../definition';
import { type Duck, ident, literal } from '../jobs/duck';
import { checkNames, makeNamesUnique, MAX_COLUMNS } from './column-names';
import type { Inspection } from './inspect-file';
import type { LoadOptions, Loaded } from './loaded';
import { repairCsv } from './repair-csv';
import { looksLikeProse, sniffCsv, widthOfCutLine } from './sniff-csv';
import { TextWriter } from './text-writer';
import { decodedStream, decodeHead } from './transcode';

/** Longest line; the reader sets aside sixteen times as much for each of its buffers. */
const MAX_LINE_BYTES = 2 * 1024 * 1024;

/**
 * Makes the view `raw` of a CSV file, every column as text, empty cells as NULL.
 *
 * @throws {ToolFailure} `data.ragged_rows`, `data.column_names`, `data.not_tabular`, `data.no_rows`, `data.too_wide`
 */
export async function loadCsv(duck: Duck, inspection: Inspection, options: LoadOptions): Promise<Loaded> {
  const isWhole = inspection.sizeBytes <= inspection.head.length;
  const text = decodeHead(inspection);
  if (!isWhole) refuseEndlessLine(text, options.name);
  const dialect = sniffCsv(text, isWhole);
  if (dialect.names.length === 1 && looksLikeProse(text)) {
    throw new ToolFailure(
      'data.not_tabular',
      `${options.name} reads like prose, not like a table. Give CSV, JSON or Parquet.`,
    );
  }
  const about = { delimiter: dialect.delimiter, header: dialect.hasHeader };
  if (!options.log) {
    checkNames(dialect.names, options.name);
    await readStrictly(duck, { path: options.path, names: dialect.names, ...about }, options.name);
    return { names: dialect.names, ...about };
  }
  const width = Math.max(dialect.names.length, dialect.usualWidth);
  const padded = [...dialect.names, ...Array<string>(width - dialect.names.length).fill('')];
  const names = makeNamesUnique(padded, options.name, options.log);
  const clean = join(options.scratch, 'clean.csv');
  const writer = new TextWriter(clean);
  const rules = { delimiter: dialect.delimiter, width, hasHeader: dialect.hasHeader };
  await repairCsv(decodedStream(options.path, inspection), writer, rules, options.log);
  await writer.end();
  await readStrictly(duck, { path: clean, names, delimiter: ',', header: false }, options.name);
  return { names, ...about };
}

/** Of a first line that goes on beyond the head of the file, neither names nor delimiter can be told. */
function refuseEndlessLine(head: string, file: string): void {
  const width = widthOfCutLine(head);
  if (width === 0) return;
  if (width > MAX_COLUMNS) {
    const message = `${file} has at least ${width} columns; at most ${MAX_COLUMNS} can be described. Keep fewer.`;
    throw new ToolFailure('data.too_wide', message);
  }
  const message = `The first line of ${file} is longer than ${head.length} characters: it names no columns. Give CSV, JSON or Parquet.`;
  throw new ToolFailure('data.not_tabular', message);
}

interface ReadOptions {
  readonly path: string;
  readonly names: readonly string[];
  readonly delimiter: string;
  readonly header: boolean;
}

async function readStrictly(duck: Duck, read: ReadOptions, file: string): Promise<void> {
  const columns = read.names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const sql = `CREATE TABLE raw AS SELECT * FROM read_csv(${literal(read.path)}, auto_detect = false, header = ${read.header},
    delim = ${literal(read.delimiter)}, quote = '"', escape = '"', nullstr = '', max_line_size = ${MAX_LINE_BYTES}, columns = {${columns}})`;
  try {
    await duck.run(sql);
  } catch (error) {
    throw raggedFailure(error, file) ?? error;
  }
  const empty = await duck.rows(`SELECT 1 AS one FROM raw LIMIT 1`);
  if (empty.length === 0) {
    const message = `${file} has a header (${read.names.slice(0, 5).map(ident).join(', ')}) but no rows. Check how it was made.`;
    throw new ToolFailure('data.no_rows', message);
  }
}

function raggedFailure(error: unknown, file: string): ToolFailure | undefined {
  const text = error instanceof Error ? error.message : String(error);
  const line = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  if (line === undefined) return undefined;
  const widths = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
  const what = widths ? `has the wrong number of cells: ${widths[2]} instead of ${widths[1]}` : whatIsWrong(text);
  const message = `Line ${line} of ${file} ${what}. Correct it, or open the file tolerantly.`;
  return new ToolFailure('data.ragged_rows', message, { details: { line: Number(line) } });
}

function whatIsWrong(text: string): string {
  if (/unterminated quote/i.test(text)) return 'has a quote that does not end, or text after one';
  if (/maximum line size/i.test(text)) return 'is longer than two megabytes';
  return `cannot be read as CSV (${text.split('\n')[2]?.slice(0, 120) ?? 'unknown reason'})`;
}
