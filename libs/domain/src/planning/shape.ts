import type { Json } from '../json';
import { describe } from './param-type';

/** Something wrong in a definition, and where: `methods[3].subtasks[1].after[0]`. */
export interface Problem {
  readonly at: string;
  readonly problem: string;
}

/** Reads a value of unknown shape; notes what is wrong and returns a usable stand-in so that all mistakes are found at once. */
export type Reader<T> = (value: unknown, at: string, problems: Problem[]) => T;

const show = (value: unknown): string => describe(value as Json | undefined);

/** A text, optionally of a form that `form` describes in words. */
export function text(pattern?: RegExp, form = 'text'): Reader<string> {
  return (value, at, problems) => {
    if (typeof value === 'string' && value !== '' && (!pattern || pattern.test(value))) return value;
    problems.push({ at, problem: `should be ${form}, got ${value === '' ? 'an empty text' : show(value)}` });
    return typeof value === 'string' ? value : '';
  };
}

/** A text as `read` takes it, of so many characters at most. */
export function upTo(most: number, read: Reader<string>): Reader<string> {
  return (value, at, problems) => {
    if (typeof value !== 'string' || value.length <= most) return read(value, at, problems);
    problems.push({ at, problem: `should have at most ${most} characters, got ${value.length}` });
    return value.slice(0, most);
  };
}

/** A finite number from `min` to `max`. */
export function number(min: number, max = Number.MAX_VALUE): Reader<number> {
  return (value, at, problems) => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return value;
    const upper = max === Number.MAX_VALUE ? '' : ` and ≤ ${max}`;
    problems.push({ at, problem: `should be a number ≥ ${min}${upper}, got ${show(value)}` });
    return min;
  };
}

export const flag: Reader<boolean> = (value, at, problems) => {
  if (typeof value === 'boolean') return value;
  problems.push({ at, problem: `should be true or false, got ${show(value)}` });
  return false;
};

/** One of a few texts. */
export function oneOf<T extends string>(values: readonly [T, ...T[]]): Reader<T> {
  return (value, at, problems) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined)
      problems.push({ at, problem: `should be one of ${values.join(', ')}, got ${show(value)}` });
    return found ?? values[0];
  };
}

/** Any JSON value. */
export const json: Reader<Json> = (value, at, problems) => {
  if (isJson(value)) return value;
  problems.push({ at, problem: `should be a JSON value, got ${typeof value}` });
  return null;
};

/** A JSON object with any keys. */
export const jsonObject: Reader<{ readonly [key: string]: Json }> = (value, at, problems) => {
  if (isRecord(value) && isJson(value)) return value;
  problems.push({ at, problem: `should be an object, got ${show(value)}` });
  return {};
};

/** A list; problems carry the index. */
export function list<T>(item: Reader<T>, options: { min?: number } = {}): Reader<readonly T[]> {
  return (value, at, problems) => {
    if (!Array.isArray(value)) {
      problems.push({ at, problem: `should be a list, got ${show(value)}` });
      return [];
    }
    if (value.length < (options.min ?? 0)) problems.push({ at, problem: `should have at least ${options.min} item` });
    return value.map((entry: unknown, index) => item(entry, `${at}[${index}]`, problems));
  };
}

export interface Field<T> {
  readonly read: Reader<T>;
  readonly optional: boolean;
  readonly fallback?: T;
}

/** A field that may be absent; with a fallback it then has that value. */
export function optional<T>(read: Reader<T>, fallback?: T): Field<T> {
  return fallback === undefined ? { read, optional: true } : { read, optional: true, fallback };
}

/** An object with exactly these fields; another one is reported, since it is most likely a slip of the pen. */
export function object<T>(fields: {
  readonly [K in keyof T]-?: Reader<Exclude<T[K], undefined>> | Field<Exclude<T[K], undefined>>;
}): Reader<T> {
  return (value, at, problems) => {
    const result: Record<string, unknown> = {};
    if (!isRecord(value)) problems.push({ at, problem: `should be an object, got ${show(value)}` });
    const source = isRecord(value) ? value : {};
    for (const key of Object.keys(source)) {
      if (!Object.hasOwn(fields, key))
        problems.push({ at: join(at, key), problem: `unknown field; known are ${Object.keys(fields).join(', ')}` });
    }
    for (const [key, field] of Object.entries<Reader<unknown> | Field<unknown>>(fields)) {
      const {
        read,
        optional: mayMiss,
        fallback,
      } = typeof field === 'function' ? { read: field, optional: false, fallback: undefined } : field;
      const own = Object.hasOwn(source, key) ? source[key] : undefined;
      if (own !== undefined) result[key] = read(own, join(at, key), problems);
      else if (fallback !== undefined) result[key] = fallback;
      else if (!mayMiss) {
        if (isRecord(value)) problems.push({ at: join(at, key), problem: 'is missing' });
        result[key] = read(undefined, join(at, key), []);
      }
    }
    return result as T;
  };
}

function join(at: string, key: string): string {
  return at === '' ? key : `${at}.${key}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isRecord(value) && Object.values(value).every(isJson);
}
