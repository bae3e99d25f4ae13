import type { Json } from '../json';
import { isObject, readFrom } from '../planning/terms';
import type { PlanStep } from '../planning/plan';

const MAX_ARGUMENTS = 4;
const MAX_CHARS = 120;

/**
 * The context bucket of a step, in which a tool's record is kept beside its record as a whole: the operator and the kinds of
 * its first four arguments by name, e.g. `data.open source:csv`. Kinds are few, so that buckets fill: the ending of a file's
 * name, the scheme of an address, else the JSON type. The same at selection and when the goal has ended.
 */
export function contextOf(step: Pick<PlanStep, 'operator' | 'args'>): string {
  const names = Object.keys(step.args).sort().slice(0, MAX_ARGUMENTS);
  const kinds = names.flatMap((name) => {
    const kind = kindOf(step.args[name] ?? null);
    return kind === null ? [] : [`${name}:${kind}`];
  });
  return [step.operator, ...kinds].join(' ').slice(0, MAX_CHARS);
}

function kindOf(value: Json): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return textKind(value);
  if (Array.isArray(value)) return 'list';
  if (isObject(value)) return readFrom(value) ? 'step' : 'object';
  return typeof value;
}

function textKind(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]{1,9}):/i.exec(text)?.[1];
  if (scheme && /^(https?|ftp|s3|file)$/i.test(scheme)) return scheme.toLowerCase();
  const ending = /^[^\s]*\.([a-z0-9]{1,8})$/i.exec(text)?.[1];
  return ending ? ending.toLowerCase() : 'text';
}
