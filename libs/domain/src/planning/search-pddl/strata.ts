import type { Condition } from '../pddl/model';
import type { LiftedAxiom } from './lifted';

/**
 * Stratum of each derived predicate: at least that of what it needs, and above what it needs the absence of.
 *
 * @throws {Error} when a predicate depends on its own absence
 * @see Thiébaux, Hoffmann and Nebel, In defense of PDDL axioms, Artificial Intelligence 168 (2005)
 */
export function stratify(axioms: readonly LiftedAxiom[]): Map<string, number> {
  const strata = new Map(axioms.map(({ def }) => [def.name, 0]));
  for (let changed = true; changed;) {
    changed = false;
    for (const { def, condition } of axioms) {
      const needed = lowest(condition, strata, true);
      if (needed <= (strata.get(def.name) ?? 0)) continue;
      if (needed > strata.size) {
        throw new Error(
          `The derived predicate ${def.name} depends on its own negation; remove the cycle from the axioms`,
        );
      }
      strata.set(def.name, needed);
      changed = true;
    }
  }
  return strata;
}

function lowest(condition: Condition, strata: ReadonlyMap<string, number>, positive: boolean): number {
  if (condition.kind === 'atom') return (strata.get(condition.atom.predicate) ?? -1) + (positive ? 0 : 1);
  if (condition.kind === 'not') return lowest(condition.of, strata, !positive);
  if (condition.kind === 'and' || condition.kind === 'or') {
    return condition.parts.reduce((most, part) => Math.max(most, lowest(part, strata, positive)), 0);
  }
  if (condition.kind === 'forall' || condition.kind === 'exists') return lowest(condition.of, strata, positive);
  return 0;
}
