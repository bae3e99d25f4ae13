import type { JsonObject } from '../json';
import type { LessonKind } from './lesson';

type Check = (value: unknown) => boolean;

const LONGEST = 500;
const text: Check = (value) => typeof value === 'string' && value.length <= LONGEST;
const name: Check = (value) => text(value) && value !== '';
/** Numbers beyond it are no counts, milliseconds or dollars of ours, and would drown all others in sums. */
const GREATEST = 1e9;
const number: Check = (value) => typeof value === 'number' && Math.abs(value) <= GREATEST;
const count: Check = (value) => number(value) && (value as number) >= 0;
const share: Check = (value) => count(value) && (value as number) <= 1;
const time: Check = (value) => text(value) && !Number.isNaN(Date.parse(value as string));
const object: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf =
  (check: Check, most = 100): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every((item) => check(item));
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);
const literal: Check = (value) =>
  shaped(value, { predicate: name, args: listOf(() => true, 20), not: optional(oneBoolean) });
const oneBoolean: Check = (value) => typeof value === 'boolean';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const step: Check = (value) => shaped(value, { operator: name, args: object });

const BODIES: { readonly [K in LessonKind]: Readonly<Record<string, Check>> } = {
  tool_reliability: {
    ...{ tool: name, context: text, successes: count, failures: count },
    ...{ meanLogMs: number, varLogMs: count, meanCostUsd: count },
  },
  method_preference: { task: name, bucket: text, method: name, successes: count, failures: count },
  macro: { task: name, name, params: listOf(name, 20), when: listOf(literal), steps: listOf(step) },
  search_guidance: { domain: name, model: object },
  operator_repair: { operator: name, missing: literal, heldInSuccesses: count, lackedInFailures: count },
  error_recovery: {
    ...{ signature: name, template: text, tool: text, successes: count, failures: count },
    recovery: oneOf('retry', 'alternative', 'repair', 'replan', 'ask', 'give_up'),
  },
  avoid_rule: { tool: name, context: text, facts: listOf(literal), failures: count, penalty: share, expiresAt: time },
  intent: { task: name, stems: listOf(name, 50), goals: count },
};

/** A lesson's body in bytes of JSON at most; a model of search guidance may be bigger. */
const MOST_CHARS = 16_384;
const MOST_MODEL_CHARS = 262_144;

function shaped(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  return object(value) && wrongIn(value as JsonObject, checks).length === 0;
}

function wrongIn(value: JsonObject, checks: Readonly<Record<string, Check>>): string[] {
  const wrong = Object.entries(checks).filter(([key, check]) => !check(value[key]));
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(checks, key));
  return [...wrong.map(([key]) => key), ...unknown];
}

/**
 * What is wrong with the body of a lesson of that kind: names of members that are missing, malformed or unknown; empty when
 * it may be used.
 */
export function problemsOfBody(kind: LessonKind, body: unknown): string[] {
  if (!object(body)) return ['body'];
  const chars = JSON.stringify(body).length;
  if (chars > (kind === 'search_guidance' ? MOST_MODEL_CHARS : MOST_CHARS)) return ['size'];
  return wrongIn(body as JsonObject, BODIES[kind]);
}
