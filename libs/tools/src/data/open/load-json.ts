import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ToolFailure } from '../../definition';
import { type Duck, literal, textOrNull } from '../jobs/duck';
import { checkNames } from './column-names';
import type { TextFormat } from './detect-format';
import type { Inspection } from './inspect-file';
import type { LoadOptions, Loaded } from './loaded';
import { TextWriter } from './text-writer';
import { decodedStream } from './transcode';

/** An object around the rows must be parsed whole; more than this would not fit the process. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * Makes the table `raw` of JSON: every member of the rows' objects as text, nested values as JSON text.
 *
 * @throws {ToolFailure} `data.not_tabular`, `data.json_broken`, `data.column_names`, `data.no_rows`
 */
export async function loadJson(
  duck: Duck,
  format: TextFormat,
  inspection: Inspection,
  options: LoadOptions,
): Promise<Loaded> {
  if (format === 'json-object') {
    const { path, member } = await unwrap(inspection, options);
    return { ...(await read(duck, path, 'newline_delimited', options.name)), member };
  }
  if (format === 'ndjson' && options.log) {
    return read(duck, await keepWholeLines(inspection, options), 'newline_delimited', options.name);
  }
  const path = await plainUtf8(inspection, options);
  return read(duck, path, format === 'json' ? 'array' : 'newline_delimited', options.name);
}

async function read(duck: Duck, path: string, format: 'array' | 'newline_delimited', file: string): Promise<Loaded> {
  const common = `${literal(path)}, format = '${format}', records = true, maximum_object_size = ${MAX_RECORD_BYTES}`;
  try {
    const described = await duck.rows(
      `DESCRIBE SELECT * FROM read_json(${common}, sample_size = -1, maximum_depth = 2, map_inference_threshold = -1)`,
    );
    const names = described.map((row) => textOrNull(row.column_name) ?? '');
    checkNames(names, file);
    const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
    await duck.run(`CREATE TABLE raw AS SELECT * FROM read_json(${common}, columns = {${columns}})`);
    return { names };
  } catch (error) {
    throw jsonFailure(error, file) ?? error;
  }
}

function jsonFailure(error: unknown, file: string): ToolFailure | undefined {
  if (error instanceof ToolFailure) return undefined;
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n')[0] ?? '';
  if (/expected records|Expected OBJECT/i.test(line)) {
    return new ToolFailure(
      'data.not_tabular',
      `${file} is JSON but not a list of objects. Give one object for every row.`,
    );
  }
  if (/Malformed JSON|maximum_object_size|unexpected/i.test(line)) {
    const where = line.replace(/^.*?Error: /, '').replace(/in file "[^"]*",? ?/, '');
    return new ToolFailure('data.json_broken', `${file} is broken JSON: ${where}. Correct it or make it anew.`);
  }
  if (/empty|at least one column/i.test(line)) return new ToolFailure('data.no_rows', `${file} holds no rows.`);
  return undefined;
}

async function plainUtf8(inspection: Inspection, options: LoadOptions): Promise<string> {
  if (inspection.encoding === 'utf-8' && inspection.markBytes === 0) return options.path;
  const path = join(options.scratch, 'clean.json');
  const writer = new TextWriter(path);
  for await (const text of decodedStream(options.path, inspection)) await writer.write(text as string);
  await writer.end();
  return path;
}

async function keepWholeLines(inspection: Inspection, options: LoadOptions): Promise<string> {
  const path = join(options.scratch, 'clean.ndjson');
  const writer = new TextWriter(path);
  let number = 0;
  for await (const line of createInterface({ input: decodedStream(options.path, inspection), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    if (isObject(parsed(line))) await writer.write(`${line}\n`);
    else options.log?.add('broken_lines_left_out', `line ${number}: ${line}`);
  }
  await writer.end();
  return path;
}

async function unwrap(inspection: Inspection, options: LoadOptions): Promise<{ path: string; member: string }> {
  const { name } = options;
  if (inspection.sizeBytes > MAX_OBJECT_BYTES) {
    throw new ToolFailure(
      'data.not_tabular',
      `${name} is one big JSON object. Give the list of rows itself, or one object a line.`,
    );
  }
  const text = await readFile(await plainUtf8(inspection, options), 'utf8');
  const whole = parsed(text);
  if (whole === undefined)
    throw new ToolFailure('data.json_broken', `${name} is broken JSON. Correct it or make it anew.`);
  const lists = Object.entries(whole as Record<string, unknown>).filter(([, value]) => isTable(value));
  const names = lists.map(([key]) => key);
  const chosen =
    options.member === null && lists.length === 1 ? lists[0] : lists.find(([key]) => key === options.member);
  if (!chosen) {
    const known =
      names.length > 0 ? `It has ${names.map((key) => `"${key}"`).join(', ')}: name one as \`table\`.` : 'It has none.';
    throw new ToolFailure(
      'data.not_tabular',
      `${name} is a JSON object; its rows must be a member that is a list of objects. ${known}`,
    );
  }
  const path = join(options.scratch, 'rows.ndjson');
  await writeFile(path, (chosen[1] as unknown[]).map((row) => JSON.stringify(row)).join('\n'));
  return { path, member: chosen[0] };
}

function isTable(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
