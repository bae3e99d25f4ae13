import { ToolFailure } from '../../definition';
import { type Duck, ident, textOrNull } from '../jobs/duck';
import type { Profile, ProfileColumn } from '../model';

/** A column with those of its values that a word means. */
export interface Holder {
  readonly column: ProfileColumn;
  readonly values: readonly string[];
}

/** Spellings of one value in a column; with more of them the list would be too long to be told and judged. */
const MOST_SPELLINGS = 50;
const NEAREST = 3;

/**
 * The text columns that hold a value which reads like the words, without regard to case, outer spaces and the plural.
 *
 * @throws {ToolFailure} `data.condition_unclear` where a column spells it in more ways than can be told: none is left out
 */
export async function holdersOf(duck: Duck, columns: readonly ProfileColumn[], words: string): Promise<Holder[]> {
  const forms = formsOf(words);
  const places = forms.map(() => '?').join(', ');
  const holders: Holder[] = [];
  for (const column of columns.filter(({ type }) => type === 'text')) {
    const field = ident(column.name);
    const rows = await duck.rows(
      `SELECT DISTINCT ${field} AS v FROM t WHERE replace(lower(trim(nfc_normalize(${field}))), ' & ', ' ') IN (${places}) ORDER BY v LIMIT ${MOST_SPELLINGS + 1}`,
      forms,
    );
    const values = rows.flatMap(({ v }) => (typeof v === 'string' ? [v] : []));
    // "Eclair" and "Eclairs" may be two things: where the very word stands there, that alone is meant.
    const exact = values.filter((value) => plain(value) === plain(words));
    if (values.length > MOST_SPELLINGS) throw manySpellings(column, words);
    if (values.length > 0) holders.push({ column, values: exact.length > 0 ? exact : values });
  }
  return holders;
}

function manySpellings({ name }: ProfileColumn, words: string): ToolFailure {
  const message = `"${name}" spells "${words.slice(0, 60)}" in more than ${MOST_SPELLINGS} ways. Clean the table first, or say it with "contains".`;
  return new ToolFailure('data.condition_unclear', message, { details: { asked: words, column: name } });
}

function plain(text: string): string {
  return text.normalize('NFC').trim().toLowerCase();
}

/** A word with and without the ending of a plural. */
function formsOf(words: string): string[] {
  const own = plain(words);
  const single = own
    .replace(/ies$/, 'y')
    .replace(/(s|x|ch|sh)es$/, '$1')
    .replace(/([^s])s$/, '$1');
  const more = [`${own}s`, `${own}es`, ...(own.endsWith('y') ? [`${own.slice(0, -1)}ies`] : [])];
  const forms = [own, single, own.replace(/([^s])s$/, '$1'), ...more];
  return [...new Set(forms.map((form) => form.replaceAll(' & ', ' ')))];
}

/** @returns the failure that names the values which come nearest to the words */
export async function unknownValue(
  duck: Duck,
  { columns }: Pick<Profile, 'columns'>,
  words: string,
): Promise<ToolFailure> {
  const found: { value: string; column: string; far: number }[] = [];
  for (const { name, type } of columns) {
    if (type !== 'text') continue;
    const rows = await duck.rows(
      `SELECT v, levenshtein(lower(left(v, 100)), ?) AS far FROM (SELECT DISTINCT ${ident(name)} AS v FROM t) WHERE v IS NOT NULL ORDER BY far, v LIMIT ${NEAREST}`,
      [plain(words).slice(0, 100)],
    );
    for (const row of rows) found.push({ value: textOrNull(row.v) ?? '', column: name, far: Number(row.far) });
  }
  const nearest = found.sort((a, b) => a.far - b.far).slice(0, NEAREST);
  const told = nearest.map(({ value, column }) => `"${value.slice(0, 60)}" in "${column}"`).join(', ');
  const where = columns.length === 1 ? `The column "${columns[0]?.name ?? ''}" does not hold` : 'No column holds';
  const hint = told === '' ? '' : ` The nearest values are ${told}.`;
  return new ToolFailure('data.unknown_value', `${where} "${words}".${hint}`, { details: { asked: words } });
}
