/** Whole numbers with commas between thousands. */
export function showWhole(value: number): string {
  return Math.abs(value) >= 1e15 ? value.toExponential(3) : group(value.toFixed(0));
}

/** A number rounded to what people compare: three to four digits that count, commas between thousands. */
export function showDecimal(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e15 || size < 1e-4) return value.toExponential(2);
  if (Number.isInteger(value)) return group(value.toFixed(0));
  if (size >= 1000) return group(value.toFixed(0));
  if (size >= 100) return group(value.toFixed(1));
  if (size >= 1) return value.toFixed(2);
  return value.toPrecision(3);
}

/** An amount with two decimals and commas between thousands; small ones with three digits that count, huge ones with four. */
export function showAmount(value: number): string {
  const size = Math.abs(value);
  return Number.isInteger(value) || size < 1 || size >= 1e12 ? showDecimal(value) : group(value.toFixed(2));
}

/** A part of 1 as per cent; what is not nothing never looks like nothing, what is not all never like all. */
export function showShare(value: number): string {
  const percent = value * 100;
  if (percent === 0 || percent === 100) return `${percent} %`;
  if (percent < 0.1 || percent > 99.9) return `${percent.toPrecision(percent > 99.9 ? 6 : 2)} %`;
  return `${percent.toFixed(1)} %`;
}

function group(digits: string): string {
  const [whole = '', ...rest] = digits.split('.');
  return [whole.replace(/\B(?=(\d{3})+(?!\d))/g, ','), ...rest].join('.');
}
