import { ToolFailure } from '../../definition';
import type { RepairLog } from './repair-log';

/** More columns than this nobody can describe, or wants to read about. */
export const MAX_COLUMNS = 2000;

/** Problems of column names: empty ones, and ones that differ in nothing but case. */
function problems(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  const found: string[] = [];
  names.forEach((name, index) => {
    const key = name.trim().toLowerCase();
    const before = seen.get(key);
    if (key === '') found.push(`column ${index + 1} has no name`);
    else if (before !== undefined) found.push(`columns ${before + 1} and ${index + 1} are both called "${name}"`);
    else seen.set(key, index);
  });
  return found;
}

/** @throws {ToolFailure} `data.column_names` for empty and repeated names, `data.too_wide` */
export function checkNames(names: readonly string[], file: string): void {
  refuseTooWide(names.length, file);
  const [first, ...others] = problems(names);
  if (first === undefined) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new ToolFailure('data.column_names', `In ${file} ${first}${more}. Name every column differently.`);
}

/** Gives every column a name of its own: `column_3` for an empty third, `price_2` for a second `price`. */
export function makeNamesUnique(names: readonly string[], file: string, log: RepairLog): string[] {
  refuseTooWide(names.length, file);
  const wanted = names.map((name) => name.trim());
  const taken = new Set(wanted.map((name) => name.toLowerCase()));
  const used = new Set<string>();
  return wanted.map((name, index) => {
    if (name !== '' && !used.has(name.toLowerCase())) {
      used.add(name.toLowerCase());
      return name;
    }
    const stem = name === '' ? 'column' : name;
    let number = name === '' ? index + 1 : 2;
    while (taken.has(`${stem}_${number}`.toLowerCase())) number += 1;
    const unique = `${stem}_${number}`;
    taken.add(unique.toLowerCase());
    used.add(unique.toLowerCase());
    log.add(name === '' ? 'empty_name_filled' : 'repeated_name_changed', `column ${index + 1} is now "${unique}"`);
    return unique;
  });
}

function refuseTooWide(width: number, file: string): void {
  if (width <= MAX_COLUMNS) return;
  throw new ToolFailure(
    'data.too_wide',
    `${file} has ${width} columns; at most ${MAX_COLUMNS} can be described. Keep fewer.`,
  );
}
