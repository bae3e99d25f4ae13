import type { Fact } from './pack';

/** A fact that a failure teaches: `failed [operator, code]`. */
export function failureFact(operator: string, code: string): Fact {
  return { predicate: 'failed', args: [operator, code] };
}
