/**
 * A second, independent reading of damaged CSV, by the same published rules: quotes count only at the beginning of a cell,
 * a doubled quote stands for one, text after a closing quote belongs to the cell, an unclosed quote ends with the
 * file, blank lines are skipped.
 */
export function* csvRecords(text: string, delimiter: string): Generator<{ line: number; cells: string[] }> {
  const plain = new RegExp(`[^${delimiter === '|' ? '\\|' : delimiter}\\r\\n]*`, 'y');
  const quoted = /"((?:[^"]|"")*)(?:"|$)/y;
  const newline = /\r\n|\n|\r/y;
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const began = line;
    const cells: string[] = [];
    let wasQuoted = false;
    for (;;) {
      let cell = '';
      quoted.lastIndex = at;
      const inQuotes = text[at] === '"' ? quoted.exec(text) : null;
      if (inQuotes) {
        wasQuoted = true;
        cell = (inQuotes[1] ?? '').replaceAll('""', '"');
        line += (cell.match(/\n/g) ?? []).length;
        at = quoted.lastIndex;
      }
      plain.lastIndex = at;
      cell += plain.exec(text)?.[0] ?? '';
      at = plain.lastIndex;
      cells.push(cell);
      if (text[at] !== delimiter) break;
      at += 1;
    }
    newline.lastIndex = at;
    if (newline.test(text)) {
      at = newline.lastIndex;
      line += 1;
    }
    const isBlank = cells.length === 1 && cells[0] === '' && !wasQuoted;
    if (!isBlank) yield { line: began, cells };
  }
}

/** True when the last quote of the text is never closed. */
export function endsInsideQuote(text: string, delimiter: string): boolean {
  // One more cell after a new line becomes part of the open one when there is an open one.
  const mark = '\u0001end';
  let last: string[] = [];
  for (const { cells } of csvRecords(`${text}\n${mark}`, delimiter)) last = cells;
  return !(last.length === 1 && last[0] === mark);
}
