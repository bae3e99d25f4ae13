import type { Evidence, GoalFailure, JsonObject } from '@goalkeeper/domain';
import { oneLine } from '../text/sanitize';

/** Readers of event data that expect nothing: a missing or odd field gives null, an empty text or an empty list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function text(data: JsonObject, ...keys: string[]): string {
  for (const key of keys) {
    const value = data[key];
    if (typeof value === 'string' && value !== '') return oneLine(value);
  }
  return '';
}

export function number(data: JsonObject, ...keys: string[]): number | null {
  for (const key of keys) {
    const value = data[key];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return null;
}

export function list(data: JsonObject, key: string): readonly unknown[] {
  const value = data[key];
  return Array.isArray(value) ? value : [];
}

export function texts(data: JsonObject, key: string): string[] {
  return list(data, key)
    .filter((item): item is string => typeof item === 'string')
    .map(oneLine);
}

export function objects(data: JsonObject, key: string): JsonObject[] {
  return list(data, key).filter(isObject);
}

/** `{code, message}` of an error given as an object or as a text: `code: message`. */
export function errorText(data: JsonObject, key = 'error'): string {
  const value = data[key];
  if (typeof value === 'string') return oneLine(value);
  if (!isObject(value)) return '';
  return [text(value, 'code'), text(value, 'message')].filter((part) => part !== '').join(': ');
}

export function evidenceOf(data: JsonObject): Evidence[] {
  return objects(data, 'evidence').map((item) => ({
    check: text(item, 'check', 'name'),
    holds: item.holds === true,
    seen: text(item, 'seen'),
  }));
}

export function failureOf(value: unknown): GoalFailure | null {
  if (!isObject(value)) return null;
  const code = text(value, 'code');
  const message = text(value, 'message');
  if (code === '' && message === '') return null;
  return { code, message, hint: text(value, 'hint'), details: isObject(value.details) ? value.details : {} };
}
