import { canonicalJson, type Json } from '../json';
import type { AxiomDef, Literal } from './pack';

type Values = Readonly<Record<string, Json>>;

/** A fact as the validator keeps it: the canonical JSON of `[predicate, …args]`. */
type Key = string;

/** All facts that follow from a state; written apart from the planner's own, so that a mistake in one shows. */
export function derivedToo(state: ReadonlySet<Key>, axioms: readonly AxiomDef[]): ReadonlySet<Key> {
  const all = new Set(state);
  for (let before = -1; before !== all.size;) {
    before = all.size;
    for (const axiom of axioms)
      for (const values of matches(axiom.when, all))
        all.add(canonicalJson([axiom.fact.predicate, ...axiom.fact.args.map((arg) => valueOf(arg, values))]));
  }
  return all;
}

function matches(when: readonly Literal[], facts: ReadonlySet<Key>): Values[] {
  const asked = [...when.filter(({ not }) => !not), ...when.filter(({ not }) => not)];
  let found: Values[] = [{}];
  for (const literal of asked) found = found.flatMap((values) => extend(literal, values, facts));
  return found;
}

function extend(literal: Literal, values: Values, facts: ReadonlySet<Key>): Values[] {
  const args = literal.args.map((arg) => valueOf(arg, values));
  if (literal.predicate === 'equal' || literal.predicate === 'given') {
    const [left = null, right = null] = args;
    const holds = literal.predicate === 'equal' ? canonicalJson(left) === canonicalJson(right) : left !== null;
    return holds !== (literal.not ?? false) ? [values] : [];
  }
  if (literal.not) return facts.has(canonicalJson([literal.predicate, ...args])) ? [] : [values];
  return [...facts].flatMap((key) => {
    const [predicate, ...seen] = JSON.parse(key) as Json[];
    if (predicate !== literal.predicate || seen.length !== literal.args.length) return [];
    const bound: Record<string, Json> = { ...values };
    const fits = literal.args.every((arg, index) => {
      const name = nameOf(arg);
      if (name !== null && bound[name] === undefined) bound[name] = seen[index] ?? null;
      return canonicalJson(valueOf(arg, bound)) === canonicalJson(seen[index] ?? null);
    });
    return fits ? [bound] : [];
  });
}

function nameOf(arg: Json): string | null {
  return typeof arg === 'string' && /^\$[A-Za-z_]\w*$/.test(arg) ? arg.slice(1) : null;
}

function valueOf(arg: Json, values: Values): Json {
  const name = nameOf(arg);
  return name === null ? arg : (values[name] ?? null);
}
