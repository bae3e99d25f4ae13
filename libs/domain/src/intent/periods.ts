const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const MONTH = `(?:${MONTHS.join('|')}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\\.?`;
const DAY = '\\d{1,2}(?:st|nd|rd|th)?';
const YEAR = '(?:1[5-9]|20|21)\\d{2}';

/** A time in words, as the source of a regular expression; longer forms come first. */
export const PERIOD = [
  `${YEAR}-\\d{2}-\\d{2}`,
  `${YEAR}-(?:0[1-9]|1[0-2])(?!\\d|-)`,
  `${YEAR}[ -]?Q[1-4]`,
  `Q[1-4][ -/]?(?:of )?${YEAR}`,
  `(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter (?:of )?${YEAR}`,
  `${DAY}(?: of)? ${MONTH},? ${YEAR}`,
  `${MONTH} ${DAY},? ${YEAR}`,
  `${MONTH},? (?:of )?${YEAR}`,
  `(?:the )?(?:year )?${YEAR}`,
  `(?:the )?(?:month of )?${MONTH}(?![\\p{L}])`,
].join('|');

const QUARTERS = ['first', 'second', 'third', 'fourth'];

/**
 * A time in words as `2024`, `2024-Q1`, `2024-03`, `2024-03-15` or, for a month of any year, `--03`.
 *
 * @returns null for what is none, such as the 31st of February
 */
export function periodOf(words: string): string | null {
  const text = words.toLowerCase().replace(/[.,]/g, ' ').replace(/\s+/g, ' ').trim();
  const year = new RegExp(`(?<!\\d)${YEAR}(?!\\d)`).exec(text)?.[0];
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  if (/^\d{4}-\d{2}$/.test(text)) return text;
  const quarter =
    /q([1-4])/.exec(text)?.[1] ?? /\b([1-4])(?:st|nd|rd|th) quarter/.exec(text)?.[1] ?? namedQuarter(text);
  if (quarter && year) return `${year}-Q${quarter}`;
  const name = new RegExp(`\\b(${MONTH})(?![a-z])`).exec(text)?.[1]?.slice(0, 3);
  const month = name === undefined ? 0 : MONTHS.findIndex((one) => one.startsWith(name)) + 1;
  if (month === 0) return year ?? null;
  if (!year) return `--${String(month).padStart(2, '0')}`;
  const day = /(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?!\d)/.exec(text.replace(year, ''))?.[1];
  return day ? dayOf(Number(year), month, Number(day)) : `${year}-${String(month).padStart(2, '0')}`;
}

function namedQuarter(text: string): string | undefined {
  const at = QUARTERS.findIndex((one) => text.includes(`${one} quarter`));
  return at < 0 ? undefined : String(at + 1);
}

function dayOf(year: number, month: number, day: number): string | null {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (days === undefined || day < 1 || day > days) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
