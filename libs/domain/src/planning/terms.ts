import type { Json, JsonObject } from '../json';

/** Values by variable name, without the `$`. A variable that is absent stands for an optional argument not given. */
export type Bindings = Readonly<Record<string, Json>>;

/** Where a `{{steps.ID.path}}` reference points: a member of the same method and a dotted path into its result. */
export interface StepReference {
  readonly id: string;
  readonly path: string;
}

const VARIABLE = /^\$([A-Za-z_][A-Za-z0-9_]*)$/;
const INTERPOLATION = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const REFERENCE = /^\{\{\s*steps\.([A-Za-z0-9_-]+)((?:\.[A-Za-z0-9_-]+)*)\s*\}\}$/;

/** The name in `$name`, or null when the text is not a variable. */
export function variableName(text: string): string | null {
  return VARIABLE.exec(text)?.[1] ?? null;
}

/** The target of `{{steps.ID.a.b}}` (path `a.b`, empty for the whole result), or null for any other text. */
export function stepReference(text: string): StepReference | null {
  const match = REFERENCE.exec(text);
  return match?.[1] === undefined ? null : { id: match[1], path: (match[2] ?? '').slice(1) };
}

/** The value that stands for the result of a step in arguments: resolved by the executor just before the call. */
export function fromStep(step: string, path: string): Json {
  return { $from: { step, path } };
}

/** The step and path of a `{"$from": {"step", "path"}}` value, or null. */
export function readFrom(value: Json | undefined): { step: string; path: string } | null {
  if (!isObject(value)) return null;
  const from = value['$from'];
  if (!isObject(from)) return null;
  const { step, path } = from;
  return typeof step === 'string' && typeof path === 'string' ? { step, path } : null;
}

/** True for JSON objects, false for arrays, null and scalars. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Calls `visit` for every text in a JSON value, keys left out. */
function visitTexts(value: Json, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (Array.isArray(value)) value.forEach((item: Json) => visitTexts(item, visit));
  else if (isObject(value)) Object.values(value).forEach((item) => visitTexts(item, visit));
}

/** Names of the variables in a template, `$x` and `${x}`, each once, in order of appearance. */
export function variablesIn(template: Json): string[] {
  const names = new Set<string>();
  visitTexts(template, (text) => {
    const whole = variableName(text);
    if (whole !== null) names.add(whole);
    else for (const match of text.matchAll(INTERPOLATION)) names.add(match[1] ?? '');
  });
  return [...names];
}

/** All `{{steps.ID.path}}` references in a template. */
export function referencesIn(template: Json): StepReference[] {
  const found: StepReference[] = [];
  visitTexts(template, (text) => {
    const reference = stepReference(text);
    if (reference) found.push(reference);
  });
  return found;
}

/** Texts that look like a reference but are not one (mixed with other words, a bad path). */
export function malformedReferencesIn(template: Json): string[] {
  const found: string[] = [];
  visitTexts(template, (text) => {
    if (text.includes('{{') && stepReference(text) === null) found.push(text);
  });
  return found;
}

/** Every step that `$from` values inside refer to. */
export function sourcesIn(value: Json): string[] {
  const from = readFrom(value);
  if (from) return [from.step];
  if (Array.isArray(value)) return value.flatMap((item: Json) => sourcesIn(item));
  return isObject(value) ? Object.values(value).flatMap((item) => sourcesIn(item)) : [];
}

/**
 * Fills a template: `$x` becomes the value bound to x, `${x}` inside a longer text its text, `{{steps.ID.path}}` what
 * `refer` makes of it. An object key or list item whose value is an unbound variable is left out, so that optional
 * arguments that were not given vanish. Values are put in as they are: nothing inside them is filled again.
 *
 * @returns undefined when the whole template is an unbound variable
 */
export function fill(template: Json, bindings: Bindings, refer: (reference: StepReference) => Json): Json | undefined {
  if (typeof template === 'string') return fillText(template, bindings, refer);
  if (Array.isArray(template)) {
    return template.map((item: Json) => fill(item, bindings, refer)).filter((item) => item !== undefined);
  }
  return isObject(template) ? fillObject(template, bindings, refer) : template;
}

function fillText(text: string, bindings: Bindings, refer: (reference: StepReference) => Json): Json | undefined {
  const name = variableName(text);
  if (name !== null) return bindings[name];
  const reference = stepReference(text);
  if (reference) return refer(reference);
  return text.replace(INTERPOLATION, (_, inner: string) => {
    const value = bindings[inner];
    return value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** {@link fill} for argument objects. */
export function fillObject(
  template: JsonObject,
  bindings: Bindings,
  refer: (reference: StepReference) => Json,
): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, item] of Object.entries(template)) {
    const value = fill(item, bindings, refer);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

/** Replaces the step of every `$from` value inside by what `rename` gives for it. */
export function renameSources(value: Json, rename: (step: string) => string): Json {
  const from = readFrom(value);
  if (from) return fromStep(rename(from.step), from.path);
  if (Array.isArray(value)) return value.map((item: Json) => renameSources(item, rename));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renameSources(item, rename)]));
}
