import type { Axiom, Condition } from '../model';
import { wrong } from './forms';
import type { List } from './s-expression';

interface Use {
  readonly predicate: string;
  readonly isNegated: boolean;
}

/**
 * Derived predicates must come in layers: none may rest on its own negation, or nobody could say what holds.
 *
 * @param sections the rules as written, in the order of the axioms
 * @throws {PddlSyntaxError} at the first rule that closes such a circle
 */
export function refuseNegatedCircle(axioms: readonly Axiom[], sections: readonly List[]): void {
  const derived = new Set(axioms.map(({ name }) => name));
  const uses = axioms.map(({ condition }) => usesOf(condition, false).filter((use) => derived.has(use.predicate)));
  const restsOn = new Map<string, Set<string>>([...derived].map((name) => [name, new Set()]));
  axioms.forEach(({ name }, index) => uses[index]?.forEach(({ predicate }) => restsOn.get(name)?.add(predicate)));
  axioms.forEach(({ name }, index) => {
    const section = sections[index];
    const bad = uses[index]?.find(({ predicate, isNegated }) => isNegated && reaches(predicate, name, restsOn));
    if (section && bad)
      throw wrong(section, `a rule for ${name} that does not rest on its own negation`, {
        found: `one that needs (not (${bad.predicate} …))`,
        hint: bad.predicate === name ? '' : `The rules for ${bad.predicate} rest on ${name}.`,
      });
  });
}

function usesOf(condition: Condition, isNegated: boolean): readonly Use[] {
  switch (condition.kind) {
    case 'atom':
      return [{ predicate: condition.atom.predicate, isNegated }];
    case 'not':
      return usesOf(condition.of, !isNegated);
    case 'and':
    case 'or':
      return condition.parts.flatMap((part) => usesOf(part, isNegated));
    case 'imply':
      return [...usesOf(condition.if, !isNegated), ...usesOf(condition.then, isNegated)];
    case 'forall':
    case 'exists':
      return usesOf(condition.of, isNegated);
    default:
      return [];
  }
}

function reaches(from: string, to: string, restsOn: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set([from]);
  for (const name of seen) {
    if (name === to) return true;
    for (const next of restsOn.get(name) ?? []) seen.add(next);
  }
  return false;
}
