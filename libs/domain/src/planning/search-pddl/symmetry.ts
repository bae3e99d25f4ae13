import type { Condition, Term } from '../pddl/model';
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
   * Equal for two rows that such an exchange turns into each other.
   *
   * @param named objects that open tasks name
   * @param profiles two numbers per object: what the state says about it
   */
  keyOf(row: readonly number[], named: ReadonlySet<number>, profiles: Int32Array): string {
    return row
      .map((object) => {
        const type = this.classes[object] ?? -1;
        if (type < 0 || named.has(object)) return object;
        return `${type}/${profiles[2 * object]}/${profiles[2 * object + 1]}/${row.indexOf(object)}`;
      })
      .join(' ');
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

function conditionTerms(condition: Condition): Term[] {
  switch (condition.kind) {
    case 'true':
      return [];
    case 'atom':
      return [...condition.atom.args];
    case 'equal':
      return [condition.left, condition.right];
    case 'not':
    case 'forall':
    case 'exists':
      return conditionTerms(condition.of);
    case 'imply':
      return [...conditionTerms(condition.if), ...conditionTerms(condition.then)];
    default:
      return condition.parts.flatMap(conditionTerms);
  }
}
