import Table from 'cli-table3';
import { oneLine } from './sanitize';
import { truncate } from './width';

const EMPTY = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
const EMPTY_INNER = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
const NO_RULES = Object.fromEntries([...EMPTY, ...EMPTY_INNER].map((name) => [name, '']));

/**
 * Columns in line, without rules; cells are made safe to print.
 *
 * @param width cells of a line at most; lines that are longer are cut
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width = Infinity): string[] {
  const drawn = new Table({
    chars: { ...NO_RULES, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  drawn.push([...head], ...rows.map((row) => row.map(oneLine)));
  return drawn
    .toString()
    .split('\n')
    .map((line) => truncate(line.trimEnd(), width));
}
