import { count, type Duck, ident, literal, textOrNull } from '../jobs/duck';
import { DATE_FORMATS } from './date-formats';

export interface FormatCount {
  readonly format: string;
  /** Values that this format is the first to fit. */
  readonly count: number;
}

const SAMPLE = 500;
const ISO = '%Y-%m-%d';

/**
 * The formats that together read every value of a text column as a date, most useful first; null when there are none.
 *
 * @param about.values how many values there are; `iso` how many of them are ISO dates; `tokens` SQL list of "nothing"
 */
export async function dateFormats(
  duck: Duck,
  name: string,
  about: { values: number; iso: number; tokens: string },
): Promise<readonly FormatCount[] | null> {
  const text = `trim(${ident(name)})`;
  const real = `${ident(name)} IS NOT NULL AND lower(${text}) NOT IN (${about.tokens})`;
  const sample = await duck.rows(`SELECT ${text} AS t FROM raw WHERE ${real} LIMIT ${SAMPLE}`);
  const texts = sample.map((row) => textOrNull(row.t) ?? '');
  const likely = DATE_FORMATS.filter(({ pattern }) => texts.some((value) => new RegExp(`^${pattern}$`).test(value)));
  const anyShape = [...likely.map(({ pattern }) => pattern), '\\d{4}-\\d{2}-\\d{2}'].join('|');
  const shaped = texts.filter((value) => new RegExp(`^(${anyShape})$`).test(value)).length;
  if (likely.length === 0 || shaped < texts.length / 2) return null;
  // A shape may be rare and missing from the sample: then all are tried on the whole column.
  const candidates = [
    ...DATE_FORMATS.map(({ format, pattern }) => ({ format, pattern })),
    { format: ISO, pattern: '\\d{4}-\\d{2}-\\d{2}' },
  ];
  const fits = candidates.map(({ format, pattern }) => ({
    format,
    sql: `(regexp_full_match(${text}, ${literal(pattern)}) AND try_strptime(${text}, ${literal(format)}) IS NOT NULL)`,
  }));
  const each = await duck.row(
    `SELECT ${fits.map(({ sql }, index) => `count(*) FILTER (WHERE ${sql}) AS f${index}`).join(', ')} FROM raw WHERE ${real}`,
  );
  const ranked = fits
    .map((fit, index) => ({ ...fit, alone: count(each[`f${index}`]) }))
    .filter(({ alone }) => alone > 0)
    .sort((a, b) => b.alone - a.alone);
  const [best] = ranked;
  if (!best) return null;
  if (best.alone === about.values) return [{ format: best.format, count: best.alone }];
  const cases = ranked.map(({ sql }, index) => `WHEN ${sql} THEN ${index}`).join(' ');
  const first = await duck.rows(`SELECT CASE ${cases} END AS f, count(*) AS n FROM raw WHERE ${real} GROUP BY 1`);
  const used = first.filter((row) => row.f !== null).map((row) => ({ index: count(row.f), count: count(row.n) }));
  if (used.reduce((sum, { count: n }) => sum + n, 0) !== about.values) return null;
  return used
    .sort((a, b) => a.index - b.index)
    .map(({ index, count: n }) => ({ format: ranked[index]?.format ?? '', count: n }));
}
