import type { Json, JsonObject } from '@goalkeeper/domain';
import { z } from 'zod';

/** Levels of arrays and objects that a request may nest. */
export const MAX_JSON_DEPTH = 32;

/** What makes a JSON value unfit for storage, with the JSON Pointer of the place. */
export interface JsonFault {
  readonly pointer: string;
  readonly message: string;
}

/**
 * The first thing in a value that a database or a payload cannot hold: nesting deeper than `maxDepth`, NUL characters,
 * lone surrogates (in values and in keys), and keys named `__proto__`. Iterative, so that depth itself does no harm.
 *
 * @returns null when the value is fine
 */
export function findJsonFault(value: unknown, maxDepth = MAX_JSON_DEPTH): JsonFault | null {
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value, pointer: '', depth: 0 }];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const text = typeof item.value === 'string' ? textFault(item.value) : null;
    if (text) return { pointer: item.pointer, message: text };
    if (typeof item.value !== 'object' || item.value === null) continue;
    if (item.depth >= maxDepth) return { pointer: item.pointer, message: `is nested deeper than ${maxDepth} levels` };
    for (const [key, inner] of Object.entries(item.value)) {
      const fault = key === '__proto__' ? 'would change what the object is' : textFault(key);
      if (fault) return { pointer: item.pointer, message: `has a key that ${fault}` };
      open.push({ value: inner, pointer: `${item.pointer}/${escapePointer(key)}`, depth: item.depth + 1 });
    }
  }
  return null;
}

function textFault(text: string): string | null {
  if (text.includes('\u0000')) return 'contains a NUL character';
  return /\p{Cs}/u.test(text) ? 'contains a lone surrogate (broken Unicode)' : null;
}

/** One member of a JSON Pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The JSON Pointer of a path as zod reports it. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${escapePointer(String(key))}`).join('');
}

/** Any JSON value. */
export const JsonValue: z.ZodType<Json> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(JsonValue), z.record(z.string(), JsonValue)]),
  )
  .meta({ id: 'Json', description: 'Any JSON value' });

/** A JSON object with values of any kind. */
export const JsonRecord: z.ZodType<JsonObject> = z.record(z.string(), JsonValue);
