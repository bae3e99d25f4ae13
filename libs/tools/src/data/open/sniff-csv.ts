export interface CsvDialect {
  readonly delimiter: string;
  readonly hasHeader: boolean;
  /** Of the first line; `column_1`, … where there is no header. Trimmed, not yet made unique. */
  readonly names: readonly string[];
  /** How many cells most records have. */
  readonly usualWidth: number;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE_RECORDS = 200;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}/;
const YEAR = /^(1[5-9]|2[01])\d\d$/;

/**
 * Finds delimiter and header from the beginning of a text: the delimiter is the one that cuts most records into the same
 * number of cells (> 1). Without any, the table has one column.
 *
 * @param head the first part of the file; its last record may be cut
 */
export function sniffCsv(head: string, isWhole: boolean): CsvDialect {
  let best: { delimiter: string; score: number; width: number } = { delimiter: ',', score: 0, width: 1 };
  for (const delimiter of DELIMITERS) {
    const records = splitRecords(head, delimiter, isWhole);
    const { width, share } = usual(records.map((record) => record.length));
    const score = width > 1 ? share * (1 + Math.log2(width) / 10) : 0;
    if (share >= 0.5 && score > best.score) best = { delimiter, score, width };
  }
  const records = splitRecords(head, best.delimiter, isWhole);
  const first = (records[0] ?? []).map((cell) => cell.trim());
  const hasHeader = isHeader(first, records.slice(1));
  const width = Math.max(first.length, best.width);
  const names = hasHeader ? first : Array.from({ length: width }, (_, index) => `column_${index + 1}`);
  return { delimiter: best.delimiter, hasHeader, names, usualWidth: best.width };
}

/**
 * How many cells the first line of a text has at least, when the text ends before that line does; 0 when a whole line is there.
 */
export function widthOfCutLine(head: string): number {
  if (splitRecords(head, ',', false).length > 0) return 0;
  return Math.max(...DELIMITERS.map((delimiter) => splitRecords(head, delimiter, true)[0]?.length ?? 0));
}

/** Prose has long lines of many words; a table of one column does not. */
export function looksLikeProse(head: string): boolean {
  const lines = head.split(/\r?\n/).filter((line) => line.trim() !== '');
  const words = lines.map((line) => line.trim().split(/\s+/).length);
  const mean = words.reduce((sum, count) => sum + count, 0) / Math.max(1, words.length);
  return mean > 8;
}

function isHeader(first: readonly string[], rest: readonly (readonly string[])[]): boolean {
  const numeric = first.filter((cell) => NUMBER.test(cell) || ISO_DATE.test(cell));
  if (numeric.length === 0) return true;
  // Years stand in headers of wide tables; they do when a text stands with them and the data below are something else.
  const allYears = numeric.every((cell) => YEAR.test(cell));
  return allYears && numeric.length < first.length && rest.length > 0;
}

function usual(widths: readonly number[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  const [top] = [...counts].sort(([widthA, a], [widthB, b]) => b - a || widthB - widthA);
  return top ? { width: top[0], share: top[1] / widths.length } : { width: 1, share: 0 };
}

/** The first records of a text as cells; the last one is left out when the text is only the beginning of a file. */
export function splitRecords(text: string, delimiter: string, isWhole: boolean): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length && records.length < SAMPLE_RECORDS; at += 1) {
    const char = text[at] ?? '';
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[(at += 1)];
      else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[at + 1] === '\n') at += 1;
      if (cells.length > 0 || cell !== '') records.push([...cells, cell]);
      cells = [];
      cell = '';
    } else cell += char;
  }
  const isLast = isWhole && (cells.length > 0 || cell !== '');
  if (isLast && records.length < SAMPLE_RECORDS) records.push([...cells, cell]);
  return records;
}
