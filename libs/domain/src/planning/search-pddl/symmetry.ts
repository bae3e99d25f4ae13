import type { Term } from '../pddl/model';
import { conditionTerms } from './condition-terms';
import type { Lifted } from './lifted';

/**
 * Objects of the same types that neither the domain nor the goal nor an open task names can be exchanged in a plan when the state
 * says the same about them. So of all choices that differ by such an exchange one is enough.
 *
 * @see Fox and Long, The detection and exploitation of symmetry in planning problems, IJCAI 1999
 */
export class Symmetry {
  /** Class of each object by its types; −1 for an object that is named. */
  private readonly classes: Int32Array;

  constructor(lifted: Lifted) {
    const { domain, problem, objectIds, objects } = lifted.world;
    const byTypes = new Map<string, number>();
    this.classes = new Int32Array(objects.length);
    for (const { name, types } of [...domain.constants, ...problem.objects]) {
      const key = types.toSorted().join(' ');
      if (!byTypes.has(key)) byTypes.set(key, byTypes.size);
      this.classes[objectIds.get(name) ?? 0] = byTypes.get(key) ?? 0;
    }
    for (const { name } of domain.constants) this.name(name, objectIds);
    for (const { args } of problem.values) for (const term of args) this.name(term, objectIds);
    for (const term of termsOf(lifted)) this.name(term, objectIds);
  }

  /**
   * Groups of exchangeable objects in one state: a number below zero, or the object itself when it cannot be exchanged.
   *
   * @param named objects that open tasks name
   * @param profiles two numbers per object: what the state says about it
   */
  groups(named: ReadonlySet<number>, profiles: Int32Array): (object: number) => number {
    const known = new Map<number, number>();
    const numbers = new Map<string, number>();
    return (object) => {
      const before = known.get(object);
      if (before !== undefined) return before;
      const type = this.classes[object] ?? -1;
      const key = `${type}/${profiles[2 * object]}/${profiles[2 * object + 1]}`;
      if (!numbers.has(key)) numbers.set(key, -1 - numbers.size);
      const group = type < 0 || named.has(object) ? object : (numbers.get(key) ?? object);
      known.set(object, group);
      return group;
    };
  }

  private name(term: Term, ids: ReadonlyMap<string, number>): void {
    const object = ids.get(term);
    if (object !== undefined) this.classes[object] = -1;
  }
}

/** Terms of the goal; the domain names constants only, and open tasks are looked at during the search. */
function termsOf({ world }: Lifted): Term[] {
  return conditionTerms(world.problem.goal);
}
