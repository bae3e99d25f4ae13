/**
 * Says whether a text is the value rounded to the digits it shows: `3,201`, `6.40`, `1.20e-7`, `82.4 %`.
 *
 * @param value the claimed number; for a text ending in `%` a part of 1
 */
export function isRoundingOf(text: string, value: number): boolean {
  const isPercent = text.endsWith('%');
  const bare = text.replace('%', '').trim();
  if (!/^-?(\d{1,3}(,\d{3})*|\d+)(\.\d+)?(e[+-]?\d+)?$/.test(bare)) return false;
  const plain = bare.replaceAll(',', '');
  const [mantissa = '', power = '0'] = plain.split('e');
  const decimals = mantissa.includes('.') ? mantissa.length - mantissa.indexOf('.') - 1 : 0;
  const step = 10 ** (Number(power) - decimals);
  const target = isPercent ? value * 100 : value;
  return Math.abs(Number(plain) - target) <= step * 0.5 + Math.abs(target) * 1e-9;
}

/** True when two numbers agree but for the last digits that another order of adding leaves. */
export function isClose(a: number, b: number, relative = 1e-9): boolean {
  return Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b)) + 1e-12;
}

/** A text or number out of the database as text; empty for anything else. */
export function plainText(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? value.toString()
      : '';
}

const NAMES = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'];
const MONTH_NAMES = [...NAMES, 'November', 'December'];

/** A value as a page quotes it: on one line, long ones cut, a month of any year by its name. */
export function shownOnPage(text: string): string {
  const month = /^--(\d\d)$/.exec(text);
  if (month) return MONTH_NAMES[Number(month[1]) - 1] ?? text;
  const line = text.replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Cf}]/gu, '□');
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
