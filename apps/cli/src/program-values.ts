import { InvalidArgumentError } from 'commander';
import type { JsonObject } from '@goalkeeper/domain';
import { parseSpan } from './goals/request';

/** @throws {InvalidArgumentError} unless the text is a whole number ≥ 1 */
export function positive(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number of 1 or more');
}

/** @throws {InvalidArgumentError} unless the text is a whole number ≥ 0 */
export function count(text: string): number {
  if (/^(?:0|[1-9]\d{0,8})$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number of 0 or more');
}

/** A span in milliseconds. @throws {InvalidArgumentError} */
export function spanMs(text: string): number {
  const ms = parseSpan(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError('must be a span above 0 such as 90s, 30m or 2h');
}

/** @throws {InvalidArgumentError} unless the text is a JSON object */
export function jsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new InvalidArgumentError('must be a JSON object like {"source": "sample:movies.json"}');
}

/** Collects ids that are given one by one or separated by commas. */
export function ids(text: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  ];
}
