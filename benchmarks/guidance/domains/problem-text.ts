/** What a generator says about a problem; names are made by the generator. */
export interface ProblemParts {
  readonly domain: string;
  readonly name: string;
  /** Type and the names of its objects. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
  readonly init: readonly string[];
  readonly goal: readonly string[];
}

/** `prefix1` … `prefixN`. */
export function named(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

/** A PDDL problem. */
export function problemText({ domain, name, objects, init, goal }: ProblemParts): string {
  const declared = Object.entries(objects)
    .filter(([, names]) => names.length > 0)
    .map(([type, names]) => `${names.join(' ')} - ${type}`);
  return `(define (problem ${name})
  (:domain ${domain})
  (:objects ${declared.join('\n    ')})
  (:init ${init.join('\n    ')})
  (:goal (and ${goal.join('\n    ')})))
`;
}

/** One classical domain with a generator of problems. */
export interface GeneratedDomain {
  readonly name: string;
  readonly domain: string;
  /** @param size from 1: the number of things to be done grows with it; @param seed decides everything else */
  readonly problem: (size: number, seed: number) => string;
}
