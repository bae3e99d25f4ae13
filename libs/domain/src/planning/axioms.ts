import type { AxiomDef } from './pack';
import { factKey, groundLiteral, solutions, type State } from './state';
import { variablesIn } from './terms';

/** Derived facts are worked out at most so many rounds: each but the last adds a fact, and facts are finite; a guard all the same. */
const MAX_ROUNDS = 1_000;

/**
 * The state with all facts that follow from it: the least set that the axioms allow. Their denials ask for base facts alone
 * (checked when a pack is read), so that the order of the axioms does not matter.
 */
export function withDerived(state: State, axioms: readonly AxiomDef[]): State {
  if (axioms.length === 0) return state;
  const known = new Map(state);
  for (let round = 0, grown = true; grown && round < MAX_ROUNDS; round += 1) {
    grown = false;
    for (const { fact, when } of axioms) {
      const free = [...new Set(when.flatMap(({ args }) => variablesIn(args)))];
      for (const bindings of solutions(when, free, {}, known)) {
        const { predicate, args } = groundLiteral(fact, bindings);
        const derived = { predicate, args };
        if (known.has(factKey(derived))) continue;
        known.set(factKey(derived), derived);
        grown = true;
      }
    }
  }
  return known;
}

/** Base and derived predicates from which a predicate follows; none for one that no axiom derives. */
export function causesOf(predicate: string, axioms: readonly AxiomDef[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [predicate];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { fact, when } of axioms) {
      if (fact.predicate !== next) continue;
      for (const { predicate: cause } of when) if (!found.has(cause)) open.push(cause);
      when.forEach(({ predicate: cause }) => found.add(cause));
    }
  }
  return found;
}
