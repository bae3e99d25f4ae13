/** The noun that fits a count: `row` for 1, else `rows`, or `many` where an s is not enough. */
export function nounFor(count: number, noun: string, many = `${noun}s`): string {
  return count === 1 ? noun : many;
}

/** A count with its noun, for people: `1 step`, `3 steps`, `0 entries`. */
export function plural(count: number, noun: string, many?: string): string {
  return `${count} ${nounFor(count, noun, many)}`;
}
