import type { Effect, PddlDomain, PddlProblem, Typed } from '../pddl/model';

/** Objects, types and predicates of a problem as whole numbers. */
export interface World {
  readonly domain: PddlDomain;
  readonly problem: PddlProblem;
  /** Names of the objects by number. */
  readonly objects: readonly string[];
  readonly objectIds: ReadonlyMap<string, number>;
  /** Numbers of the objects that a declaration allows, in the order of declaration. */
  membersOf(types: readonly string[]): readonly number[];
  isOf(object: number, types: readonly string[]): boolean;
  /** Predicates that no effect and no axiom changes. */
  isStatic(predicate: string): boolean;
  isDerived(predicate: string): boolean;
}

/** Numbers the objects and finds the static predicates. */
export function buildWorld(domain: PddlDomain, problem: PddlProblem): World {
  const typed = dropRepeated([...domain.constants, ...problem.objects]);
  const objects = typed.map(({ name }) => name);
  const above = typed.map((object) => typesAbove(domain, object.types));
  const sets = new Map<string, { list: number[]; has: Uint8Array }>();
  const find = (types: readonly string[]) => {
    const key = types.join(' ');
    const known = sets.get(key);
    if (known) return known;
    const list = objects.flatMap((_, index) => (types.some((type) => above[index]?.has(type)) ? [index] : []));
    const has = new Uint8Array(objects.length);
    for (const index of list) has[index] = 1;
    const made = { list, has };
    sets.set(key, made);
    return made;
  };
  const derived = new Set(domain.axioms.map(({ name }) => name));
  const changed = new Set(derived);
  for (const action of domain.actions) collectChanged(action.effect, changed);
  return {
    domain,
    problem,
    objects,
    objectIds: new Map(objects.map((name, index) => [name, index])),
    membersOf: (types) => find(types).list,
    isOf: (object, types) => find(types).has[object] === 1,
    isStatic: (predicate) => !changed.has(predicate),
    isDerived: (predicate) => derived.has(predicate),
  };
}

function dropRepeated(typed: readonly Typed[]): Typed[] {
  const byName = new Map<string, Typed>();
  for (const one of typed) {
    const known = byName.get(one.name);
    byName.set(one.name, known ? { name: one.name, types: [...known.types, ...one.types] } : one);
  }
  return [...byName.values()];
}

function typesAbove(domain: PddlDomain, types: readonly string[]): Set<string> {
  const found = new Set<string>(['object', ...types]);
  for (const type of found) for (const parent of domain.types.get(type) ?? []) found.add(parent);
  return found;
}

function collectChanged(effect: Effect, into: Set<string>): void {
  if (effect.kind === 'and') for (const part of effect.parts) collectChanged(part, into);
  else if (effect.kind === 'add' || effect.kind === 'delete') into.add(effect.atom.predicate);
  else if (effect.kind === 'forall') collectChanged(effect.of, into);
  else if (effect.kind === 'when') collectChanged(effect.then, into);
}
