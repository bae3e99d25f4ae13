import type { Readable } from 'node:stream';
import type { RepairLog } from './repair-log';
import type { TextWriter } from './text-writer';

export interface RepairCsvOptions {
  readonly delimiter: string;
  /** Cells of every row that is kept. */
  readonly width: number;
  readonly hasHeader: boolean;
}

/**
 * Rewrites a CSV so that every record has the same number of cells, by these rules, each use of which is logged:
 * short rows are filled with missing cells, empty cells beyond the last column are dropped, rows with more than that are
 * left out, blank lines are skipped, text after a closing quote is kept as part of the cell, an unclosed quote ends
 * with the file. Reads and writes piece by piece.
 */
export async function repairCsv(
  source: Readable,
  target: TextWriter,
  options: RepairCsvOptions,
  log: RepairLog,
): Promise<void> {
  const splitter = new RecordSplitter(options.delimiter);
  let isFirst = options.hasHeader;
  const keep = async (cells: string[], line: number): Promise<void> => {
    if (isFirst) {
      isFirst = false;
      return;
    }
    const row = fit(cells, line, options.width, log);
    if (row) await target.write(`${row.map(quote).join(',')}\n`);
  };
  for await (const chunk of source) {
    for (const { cells, line } of splitter.add(chunk as string)) await keep(cells, line);
  }
  for (const { cells, line } of splitter.end()) await keep(cells, line);
  if (splitter.unclosedAt !== null) log.add('unclosed_quote', `line ${splitter.unclosedAt}`);
}

function fit(cells: string[], line: number, width: number, log: RepairLog): string[] | null {
  if (cells.length === width) return cells;
  const example = `line ${line}: ${cells.join(' | ')}`;
  if (cells.length < width) {
    log.add('short_rows_padded', example);
    return [...cells, ...Array<string>(width - cells.length).fill('')];
  }
  if (cells.slice(width).every((cell) => cell.trim() === '')) {
    log.add('empty_extra_cells_dropped', example);
    return cells.slice(0, width);
  }
  log.add('long_rows_left_out', example);
  return null;
}

function quote(cell: string): string {
  return cell === '' ? '' : `"${cell.replaceAll('"', '""')}"`;
}

interface CsvRecord {
  readonly cells: string[];
  /** Line on which it begins, from 1. */
  readonly line: number;
}

/** Cuts a stream of texts into records; keeps its state between pieces. */
class RecordSplitter {
  unclosedAt: number | null = null;
  private cells: string[] = [];
  private cell = '';
  private state: 'start' | 'plain' | 'quoted' | 'quote-in-quoted' = 'start';
  private line = 1;
  private beganAt = 1;
  private quoteAt = 1;
  private skipNewline = false;

  constructor(private readonly delimiter: string) {}

  add(text: string): CsvRecord[] {
    const done: CsvRecord[] = [];
    for (const char of text) {
      if (this.skipNewline && char === '\n') {
        this.skipNewline = false;
        continue;
      }
      this.skipNewline = false;
      const record = this.step(char);
      if (record) done.push(record);
    }
    return done;
  }

  end(): CsvRecord[] {
    if (this.state === 'quoted') this.unclosedAt = this.quoteAt;
    const record = this.finishRecord();
    return record ? [record] : [];
  }

  private step(char: string): CsvRecord | null {
    if (this.state === 'quoted') {
      if (char === '"') this.state = 'quote-in-quoted';
      else {
        if (char === '\n') this.line += 1;
        this.cell += char;
      }
      return null;
    }
    if (this.state === 'quote-in-quoted' && char === '"') {
      this.cell += '"';
      this.state = 'quoted';
      return null;
    }
    if (char === this.delimiter) {
      this.finishCell();
      return null;
    }
    if (char === '\n' || char === '\r') {
      this.skipNewline = char === '\r';
      const record = this.finishRecord();
      this.line += 1;
      this.beganAt = this.line;
      return record;
    }
    if (char === '"' && this.state === 'start') {
      this.state = 'quoted';
      this.quoteAt = this.line;
    } else {
      this.state = 'plain';
      this.cell += char;
    }
    return null;
  }

  private finishCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.state = 'start';
  }

  private finishRecord(): CsvRecord | null {
    const isBlank = this.cells.length === 0 && this.cell === '' && this.state === 'start';
    this.finishCell();
    const record = { cells: this.cells, line: this.beganAt };
    this.cells = [];
    return isBlank ? null : record;
  }
}
