import { AgentError, type Json, type JsonObject, valueAt } from '@goalkeeper/domain';

/** An argument points at something that an earlier step did not give; a defect of the plan or of its pack. */
export class BrokenReferenceError extends AgentError {
  readonly code = 'plan.broken_reference';
  readonly retryable = false;
}

interface Reference {
  readonly step: string;
  readonly path: string;
}

/** Ids of the steps whose outputs the arguments refer to. */
export function referencedSteps(args: Json): readonly string[] {
  const found = new Set<string>();
  walk(args, (reference) => {
    found.add(reference.step);
    return null;
  });
  return [...found];
}

/**
 * Replaces every `{"$from": {"step", "path"}}` by what that step put out.
 *
 * @param outputs outputs by step id
 * @throws {BrokenReferenceError} naming step and path
 */
export function resolveArgs(args: JsonObject, outputs: Readonly<Record<string, JsonObject>>): JsonObject {
  return walk(args, ({ step, path }) => {
    const output = outputs[step];
    const value = output === undefined ? undefined : valueAt(output, path);
    if (value === undefined) throw new BrokenReferenceError(`Step ${step} gave nothing at "${path}"`, { step, path });
    return value;
  }) as JsonObject;
}

function walk(value: Json, replace: (reference: Reference) => Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item: Json) => walk(item, replace));
  const reference = referenceIn(value as JsonObject);
  if (reference) return replace(reference);
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, walk(item, replace)]));
}

function referenceIn(value: JsonObject): Reference | null {
  const from = value.$from;
  if (from === null || typeof from !== 'object' || Array.isArray(from) || Object.keys(value).length !== 1) return null;
  const { step, path } = from as JsonObject;
  return typeof step === 'string' ? { step, path: typeof path === 'string' ? path : '' } : null;
}
