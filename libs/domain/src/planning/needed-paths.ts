import type { Json } from '../json';
import type { Plan } from './plan';
import { isObject, readFrom } from './terms';

/**
 * Paths into the result of a step that the calls of other steps refer to, sorted; the empty path is the whole result. Every
 * alternative tool of a step counts: which of them is called is chosen later.
 */
export function neededPaths(plan: Pick<Plan, 'steps'>, stepId: string): string[] {
  const paths = new Set<string>();
  const visit = (value: Json): void => {
    const from = readFrom(value);
    if (from) {
      if (from.step === stepId) paths.add(from.path);
    } else if (Array.isArray(value)) value.forEach((item: Json) => visit(item));
    else if (isObject(value)) Object.values(value).forEach(visit);
  };
  for (const step of plan.steps) for (const { args } of step.tools) visit(args);
  return [...paths].sort();
}
