import type { Atom, Axiom, PddlDomain, PddlProblem } from '../pddl/model';
import { predicatesOf } from './conditions';
import { DerivedLevel } from './derive-facts';
import { FactStore, factKeyOf } from './fact-store';

/** Objects and types of a problem, and what holds at the moment; derived predicates follow from that. */
export class World {
  /** Of each object, the types that it was declared with. */
  private readonly types = new Map<string, ReadonlySet<string>>();
  private readonly below: TypesBelow;
  private readonly ofType = new Map<string, readonly string[]>();
  private readonly facts = new FactStore();
  private readonly derived = new FactStore();
  private readonly levels: readonly DerivedLevel[];
  private readonly derivedNames: ReadonlySet<string>;
  /** What the derived predicates follow from. */
  private readonly causes: ReadonlySet<string>;
  private stale: boolean;

  constructor(domain: PddlDomain, problem: PddlProblem) {
    this.below = new TypesBelow(domain);
    for (const { name, types } of [...domain.constants, ...problem.objects])
      this.types.set(name, new Set([...(this.types.get(name) ?? []), ...types]));
    this.derivedNames = new Set(domain.axioms.map(({ name }) => name));
    this.causes = new Set(domain.axioms.flatMap((axiom) => predicatesOf(axiom.condition).map((use) => use.predicate)));
    this.levels = levelsOf(domain.axioms).map((axioms) => new DerivedLevel(axioms));
    this.stale = domain.axioms.length > 0;
    problem.init.forEach((atom) => this.facts.add(atom));
  }

  isObject(name: string): boolean {
    return this.types.has(name);
  }

  /** Is the object of one of these types, or of one below? */
  isOfType(object: string, types: readonly string[]): boolean {
    const own = this.types.get(object);
    return own !== undefined && types.some((type) => type === 'object' || this.below.meets(type, own));
  }

  objectsOf(types: readonly string[]): readonly string[] {
    const key = types.join(' ');
    const known = this.ofType.get(key);
    if (known) return known;
    const found = [...this.types.keys()].filter((object) => this.isOfType(object, types));
    this.ofType.set(key, found);
    return found;
  }

  /** @returns the predicates that changed */
  change(added: readonly Atom[], deleted: readonly Atom[]): ReadonlySet<string> {
    const changed = new Set<string>();
    const kept = new Set(added.map(({ predicate, args }) => factKeyOf(predicate, args)));
    for (const atom of deleted) {
      if (kept.has(factKeyOf(atom.predicate, atom.args))) continue; // deleted first, then added
      if (this.facts.delete(atom)) changed.add(atom.predicate);
    }
    for (const atom of added) if (this.facts.add(atom)) changed.add(atom.predicate);
    if ([...changed].some((predicate) => this.causes.has(predicate))) {
      this.stale = true;
      this.derivedNames.forEach((name) => changed.add(name));
    }
    return changed;
  }

  has(predicate: string, args: readonly string[]): boolean {
    return (
      this.facts.has(predicate, args) || (this.derivedNames.has(predicate) && this.upToDate().has(predicate, args))
    );
  }

  /** The facts that an atom may stand for, as their arguments; undefined where any argument will do. */
  *candidates(predicate: string, known: readonly (string | undefined)[]): Iterable<readonly string[]> {
    yield* this.facts.candidates(predicate, known).values();
    if (this.derivedNames.has(predicate)) yield* this.upToDate().candidates(predicate, known).values();
  }

  candidateCount(predicate: string, known: readonly (string | undefined)[]): number {
    const base = this.facts.candidates(predicate, known).size;
    return this.derivedNames.has(predicate) ? base + this.upToDate().candidates(predicate, known).size : base;
  }

  /** The derived facts: the least set that the axioms allow, level by level, so that absence is asked only of levels that are done. */
  private upToDate(): FactStore {
    if (!this.stale) return this.derived;
    this.stale = false;
    this.derived.clear();
    for (const level of this.levels) level.derive(this, (fact) => this.derived.add(fact));
    return this.derived;
  }
}

/** Which types are at or below another. Only what is asked for is worked out: of long chains of types, all would be too many. */
class TypesBelow {
  private readonly children = new Map<string, string[]>();
  private readonly known = new Map<string, ReadonlySet<string>>();

  constructor({ types }: PddlDomain) {
    for (const [type, parents] of types) for (const parent of parents) this.childrenOf(parent).push(type);
  }

  /** Is one of these types the upper one, or below it? */
  meets(upper: string, types: ReadonlySet<string>): boolean {
    if (types.has(upper)) return true;
    const below = this.at(upper);
    for (const type of types) if (below.has(type)) return true;
    return false;
  }

  private at(upper: string): ReadonlySet<string> {
    const known = this.known.get(upper);
    if (known) return known;
    const found = new Set([upper]);
    for (const type of found) for (const child of this.children.get(type) ?? []) found.add(child);
    this.known.set(upper, found);
    return found;
  }

  private childrenOf(parent: string): string[] {
    const list = this.children.get(parent) ?? [];
    this.children.set(parent, list);
    return list;
  }
}

/** Axioms in the order in which they can be worked out: one that asks for the absence of another's fact comes after it. */
function levelsOf(axioms: readonly Axiom[]): readonly (readonly Axiom[])[] {
  const level = new Map(axioms.map(({ name }) => [name, 0]));
  for (let round = 0, moved = true; moved; round += 1) {
    if (round > level.size) throw new Error('The derived predicates deny each other in a circle');
    moved = false;
    for (const { name, condition } of axioms) {
      for (const { predicate, negative } of predicatesOf(condition)) {
        const least = (level.get(predicate) ?? 0) + (negative && level.has(predicate) ? 1 : 0);
        if (least <= (level.get(name) ?? 0)) continue;
        level.set(name, least);
        moved = true;
      }
    }
  }
  const numbers = [...new Set(level.values())].sort((a, b) => a - b);
  return numbers.map((number) => axioms.filter(({ name }) => level.get(name) === number));
}
