import { ToolFailure } from '../../definition';
import { type Inspection, isParquet } from './inspect-file';
import { decodeHead } from './transcode';

export type TextFormat = 'csv' | 'json' | 'ndjson' | 'json-object';

/**
 * Tells the format from what the file holds, never from its name.
 *
 * @throws {ToolFailure} `data.not_tabular` for mark-up and single values, `data.no_rows` for an empty list, `source.empty`
 */
export function detectFormat(inspection: Inspection, name: string): TextFormat | 'parquet' {
  if (isParquet(inspection.head)) return 'parquet';
  const text = decodeHead(inspection).trimStart();
  if (text === '') throw new ToolFailure('source.empty', `${name} holds nothing but white space.`);
  if (/^<(!doctype|html|\?xml|svg|[a-z][\w:-]*[\s>])/i.test(text)) {
    throw new ToolFailure('data.not_tabular', `${name} is a web page or XML, not a table. Give CSV, JSON or Parquet.`);
  }
  if (/^\[\s*\]\s*$/.test(text)) throw new ToolFailure('data.no_rows', `${name} is an empty list: it holds no rows.`);
  if (/^\[\s*[[{"\d\]tfn-]/.test(text) && !/^\[[^\]]*\]\s*[,;\t|]/.test(text)) return 'json';
  if (/^\{\s*["}]/.test(text)) return isLineOfJson(text) ? 'ndjson' : 'json-object';
  if (/^["\d-]/.test(text) && isScalarJson(text, inspection)) {
    throw new ToolFailure('data.not_tabular', `${name} is one JSON value, not a table. Give a list of objects.`);
  }
  return 'csv';
}

/** One object a line: the first line is whole by itself and another object follows. */
function isLineOfJson(text: string): boolean {
  const end = text.indexOf('\n');
  if (end === -1) return false;
  return isJson(text.slice(0, end)) && text.slice(end).trimStart().startsWith('{');
}

function isScalarJson(text: string, inspection: Inspection): boolean {
  return (
    inspection.sizeBytes <= inspection.head.length && !text.trim().includes('\n') && isJson(text) && !text.includes(',')
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
