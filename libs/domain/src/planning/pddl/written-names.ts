import type { Declared, PddlDomain, PddlProblem, Typed } from './model';

/** Names in the spelling of their files, by the lower-case names of the model; only those that differ. */
export interface WrittenNames {
  /** Compound tasks and actions. */
  readonly tasks: ReadonlyMap<string, string>;
  readonly methods: ReadonlyMap<string, string>;
  /** Constants and objects. */
  readonly objects: ReadonlyMap<string, string>;
}

/** How to print a plan for programs that tell upper from lower case. */
export function writtenNames(domain: PddlDomain, problem: PddlProblem): WrittenNames {
  return {
    tasks: spellings([...domain.tasks, ...domain.actions]),
    methods: spellings(domain.methods),
    objects: spellings([...domain.constants, ...problem.objects]),
  };
}

function spellings(named: readonly Pick<Declared | Typed, 'name' | 'written'>[]): ReadonlyMap<string, string> {
  return new Map(named.flatMap(({ name, written }) => (written === undefined ? [] : [[name, written] as const])));
}
