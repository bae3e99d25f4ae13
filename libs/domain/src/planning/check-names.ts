import type { Json } from '../json';
import type { OperatorDef, TaskDef } from './pack';
import type { Problem } from './shape';
import { variablesIn } from './terms';

/** What names of a pack mean, for checks. */
export interface Names {
  readonly tasks: ReadonlyMap<string, TaskDef>;
  readonly operators: ReadonlyMap<string, OperatorDef>;
}

/** A problem for each name that was used before. */
export function repeated(names: readonly string[], at: (index: number) => string): Problem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ at: at(index), problem: `"${name}" is used already` }] : [],
  );
}

/** Variables that nothing binds. */
export function checkVariables(template: Json, scope: readonly string[], at: string): Problem[] {
  return variablesIn(template)
    .filter((name) => !scope.includes(name))
    .map((name) => ({
      at,
      problem: `$${name} is not bound; known are ${scope.map((known) => `$${known}`).join(', ') || 'none'}`,
    }));
}
