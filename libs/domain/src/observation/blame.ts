import type { ErrorClass } from './observation';

/**
 * Where the cause of a failure lies: in the tool; in what was asked of it (the request, a file that is not there or not what it should be);
 * or in what is around it (permission, budget, a goal that was called off).
 */
export const BLAMES = ['tool', 'input', 'world'] as const;
export type Blame = (typeof BLAMES)[number];

/** What a failed call says of its cause; a tool may say it itself. */
export interface Blamed {
  readonly code: string;
  readonly blame?: Blame;
}

/** Whole families of codes, by what stands before the dot. */
const FAMILIES: ReadonlyMap<string, Blame> = new Map([
  ['source', 'input'],
  ['arguments', 'input'],
  ['goal', 'world'],
  ['budget', 'world'],
  ['permission', 'world'],
  ['policy', 'world'],
  ['approval', 'world'],
]);

/** Single codes of families that are otherwise the tool's own. */
const CODES: ReadonlyMap<string, Blame> = new Map([
  ...named('input', 'tool', 'invalid_arguments'),
  ...named(
    'input',
    'data',
    'unknown_column',
    'not_tabular',
    'no_rows',
    'key_not_unique',
    'no_common_columns',
    'not_a_number',
  ),
  ...named('input', 'data', 'unknown_value', 'condition_unclear', 'no_rows_meet', 'chart_impossible'),
  ...named('input', 'data', 'column_names', 'encoding', 'ragged_rows', 'json_broken', 'parquet_broken', 'too_wide'),
  ...named('input', 'file', 'not_a_file', 'no_such_order', 'unknown_format', 'unreadable'),
  ...named('input', 'research', 'no_documents', 'unreadable', 'too_large', 'document_changed'),
  ...named('input', 'code', 'unknown_language'),
  ...named('input', 'http', 'refused'),
  ...named('world', 'code', 'no_sandbox'),
  ...named('world', 'tool', 'cancelled'),
]);

function named(blame: Blame, family: string, ...codes: readonly string[]): (readonly [string, Blame])[] {
  return codes.map((code) => [`${family}.${code}`, blame]);
}

/** What the tool says itself; else by the code, which is never read as words; else the tool. */
export function blameOf({ code, blame }: Blamed): Blame {
  return blame ?? CODES.get(code) ?? FAMILIES.get(code.slice(0, Math.max(0, code.indexOf('.')))) ?? 'tool';
}

/** False for failures that say nothing of how good the tool is: another tool would have failed as well, or none was at fault. */
export function speaksOfTool(error: Blamed | Pick<ErrorClass, 'code' | 'blame'> | null): boolean {
  return error === null || blameOf(error) === 'tool';
}
